package io.migratekit.source.standing;

import io.migratekit.source.ChangeId;
import io.migratekit.source.ChangeQuery;
import io.migratekit.source.DiskAccess;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceDisk;
import io.migratekit.source.SourceException;
import io.migratekit.source.SourceSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the disks were when the snapshot was "taken". Its reference carries a digest of their identities. */
final class StandingSnapshot implements SourceSnapshot {
    private static final String SCHEME = "as-it-stands:";
    private static final int DIGEST_CHARS = 32;

    private final String name;
    private final Map<DiskKey, StandingDisk> disks;
    private final String reference;

    StandingSnapshot(String name, Map<DiskKey, StandingDisk> disks) throws IOException {
        this.name = name;
        this.disks = new LinkedHashMap<>(disks);
        StringBuilder identities = new StringBuilder();
        for (Map.Entry<DiskKey, StandingDisk> entry : disks.entrySet()) {
            identities.append(entry.getKey()).append('\n');
            identities.append(entry.getValue().identity()).append('\n');
        }
        this.reference = SCHEME + digest(identities.toString()) + ":" + name;
    }

    /** Returns the name inside a reference of this kind. */
    static Optional<String> nameIn(String reference) {
        int nameAt = SCHEME.length() + DIGEST_CHARS + 1;
        return reference.startsWith(SCHEME) && reference.length() > nameAt
                ? Optional.of(reference.substring(nameAt))
                : Optional.empty();
    }

    @Override
    public String reference() {
        return reference;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<SourceDisk> disks() {
        return disks.values().stream().map(StandingDisk::disk).toList();
    }

    @Override
    public Optional<ChangeId> changeId(DiskKey disk) throws IOException {
        return disk(disk).changeId();
    }

    @Override
    public boolean accumulates(DiskKey disk) throws IOException {
        return disk(disk).accumulates();
    }

    @Override
    public ChangeQuery changes(DiskKey disk, Optional<ChangeId> since) throws IOException {
        return disk(disk).changes(since);
    }

    @Override
    public DiskAccess open(DiskKey disk) throws IOException {
        return disk(disk).open();
    }

    @Override
    public void remove() {
        // there is nothing to remove
    }

    private StandingDisk disk(DiskKey key) throws SourceException.NotFound {
        StandingDisk disk = disks.get(key);
        if (disk == null) {
            throw new SourceException.NotFound("the machine has no disk %s; it has %s".formatted(key, disks.keySet()));
        }
        return disk;
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, DIGEST_CHARS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
