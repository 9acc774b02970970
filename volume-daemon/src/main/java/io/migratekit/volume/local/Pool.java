package io.migratekit.volume.local;

import io.migratekit.volume.VolumeId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Where things lie in the pool, and how they are read.
 *
 * @param folder absolute
 */
record Pool(Path folder) {
    static final String DESCRIPTION = "volume.json";
    static final String LINK = "disk";

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /**
     * What is in the pool.
     *
     * @param volumes that can be read, whoever owns them
     * @param damaged why the others cannot
     */
    record Content(List<StoredVolume> volumes, List<DamagedVolume> damaged) {}

    /**
     * Returns the id that a creation gives. It follows from the mark, so a repetition finds at once what is there, and
     * can never make a second volume.
     */
    static VolumeId idOf(String owner, String mark) {
        byte[] hash;
        try {
            hash = MessageDigest.getInstance("SHA-256").digest((owner + "\n" + mark).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        hash[6] = (byte) ((hash[6] & 0x0f) | 0x80); // RFC 9562 section 5.8: version 8, the vendor's own
        hash[8] = (byte) ((hash[8] & 0x3f) | 0x80); // RFC 9562 section 4.1: the variant
        ByteBuffer bytes = ByteBuffer.wrap(hash);
        return new VolumeId(new UUID(bytes.getLong(), bytes.getLong()).toString());
    }

    Path of(VolumeId id) {
        return folder.resolve(id.text());
    }

    Path image(StoredVolume volume, String file) {
        return of(volume.id()).resolve(file);
    }

    Path activeImage(StoredVolume volume) {
        return image(volume, volume.active());
    }

    Path link(VolumeId id) {
        return of(id).resolve(LINK);
    }

    /** Returns where a creation works until it has ended. */
    Path draft(VolumeId id) {
        return folder.resolve(".new-" + id);
    }

    /** Returns where a deletion works until it has ended. */
    Path gone(VolumeId id) {
        return folder.resolve(".gone-" + id);
    }

    boolean exists(VolumeId id) {
        return Files.exists(of(id), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Reads a volume.
     *
     * @throws DamagedVolume if its folder is there, and not what should be in it
     */
    Optional<StoredVolume> load(VolumeId id) throws IOException {
        byte[] json;
        try {
            json = Files.readAllBytes(of(id).resolve(DESCRIPTION));
        } catch (NoSuchFileException e) {
            if (!exists(id)) {
                return Optional.empty();
            }
            throw new DamagedVolume(this, id, "it has no " + DESCRIPTION, e);
        }
        try {
            return Optional.of(VolumeJson.read(id, json));
        } catch (IllegalArgumentException e) {
            throw new DamagedVolume(this, id, "%s: %s".formatted(DESCRIPTION, e.getMessage()), e);
        }
    }

    /** Reads all volumes. One that is deleted meanwhile is in it or not. */
    Content content() throws IOException {
        List<StoredVolume> volumes = new ArrayList<>();
        List<DamagedVolume> damaged = new ArrayList<>();
        for (VolumeId id : ids()) {
            try {
                load(id).ifPresent(volumes::add);
            } catch (DamagedVolume e) {
                damaged.add(e);
            }
        }
        return new Content(volumes, damaged);
    }

    private List<VolumeId> ids() throws IOException {
        List<VolumeId> ids = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (ID.matcher(name).matches()) {
                    ids.add(new VolumeId(name));
                }
            }
        }
        ids.sort(null);
        return ids;
    }

    /** Returns the volumes that are there of those that were made of a snapshot. */
    List<VolumeId> living(StoredSnapshot snapshot) {
        return snapshot.clones().stream().filter(this::exists).toList();
    }

    /**
     * Returns what a guest sees of a volume now, as its image has it.
     *
     * @throws DamagedVolume if the image is not there or not of its format
     */
    long sizeBytes(StoredVolume volume) throws IOException {
        return sizeBytes(volume, volume.activeImage());
    }

    long sizeBytes(StoredVolume volume, StoredImage image) throws IOException {
        try {
            return ImageHeader.sizeBytes(image(volume, image.file()), image.format());
        } catch (NoSuchFileException e) {
            throw new DamagedVolume(this, volume.id(), "its image %s is gone".formatted(image.file()), e);
        } catch (ImageHeader.NotAnImage e) {
            throw new DamagedVolume(this, volume.id(), e.getMessage(), e);
        }
    }
}
