package io.migratekit.volume.cloudstack.api;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import java.util.Locale;
import java.util.Optional;

/**
 * CloudStack's own "no", to a request or as the end of a job. The only place that knows what its codes mean and who can
 * help.
 *
 * @param command what was asked
 * @param jobId of the job that ended so; empty if the request was refused at once
 * @param code as in the reference, also the HTTP status
 * @param text CloudStack's own words, without keys
 * @param host who says so
 */
public record ApiFailure(String command, Optional<String> jobId, int code, String text, String host) {
    private static final int TEXT_CHARACTERS_MAX = 500;

    public ApiFailure {
        text = text.replaceAll("\\p{Cntrl}+", " ").strip();
        if (text.length() > TEXT_CHARACTERS_MAX) {
            text = text.substring(0, TEXT_CHARACTERS_MAX) + "...";
        }
    }

    /**
     * Returns whether it says that the id of a listing names nothing: CloudStack answers a listing of one unknown id
     * with an error instead of an empty list.
     */
    public boolean noSuchEntity() {
        String words = text.toLowerCase(Locale.ROOT);
        return code == 431 && (words.contains("does not exist") || words.contains("unable to find"));
    }

    /** Returns whether it may be because what was asked has been done already, so that looking is worth it. */
    public boolean perhapsDone() {
        return code == 430 || code == 431 || code == 432 || code == 530 || code == 536;
    }

    /** Returns it for people, and by who can help. */
    public VolumeException explained() {
        String what = jobId.map(id -> "job %s (%s) of %s failed".formatted(id, command, host))
                .orElse("%s refuses %s".formatted(host, command));
        return new VolumeException(kind(), "%s with error %d: %s%s".formatted(what, code, words(), next()));
    }

    private String words() {
        return text.isEmpty() ? "(it says nothing more)" : "'" + text + "'";
    }

    private Kind kind() {
        return switch (code) {
            case 429, 503, 534 -> Kind.UNAVAILABLE;
            case 532, 533, 535 -> Kind.NO_ROOM;
            case 536 -> Kind.BUSY;
            case 530 -> Kind.FAILED;
            default -> Kind.REFUSED;
        };
    }

    private String next() {
        return switch (code) {
            case 401 -> unauthorized();
            case 429 -> ". The account asks too often; it is tried again later, or raise api.throttling.max";
            case 430, 431 -> parameter();
            case 432 ->
                ". This CloudStack has no such call, or the account's role lacks it; allow %s in its role"
                        .formatted(command);
            case 530 ->
                (". Something went wrong inside CloudStack, or the account lacks the right to %s (snapshots need"
                                + " theirs); allow it in the account's role, else look into the management server's log")
                        .formatted(command);
            case 531 ->
                ". The account lacks the right to %s, or to what it names; allow it in the account's role"
                        .formatted(command);
            case 532, 535 -> ". The account has reached a limit; raise it, or delete volumes or snapshots";
            case 533 -> ". The cloud has no room for it; free or add storage, hosts or addresses";
            case 503, 534 -> ". Storage or a host is out of reach, or the management server is going down; try later";
            case 536 -> ". It is in use by something else; try again when that has ended";
            default -> "";
        };
    }

    private String unauthorized() {
        if (text.toLowerCase(Locale.ROOT).contains("given command")) {
            return ". The account's role lacks %s; allow it there".formatted(command);
        }
        return ". The API key or the secret key is wrong, the account is disabled, or this machine's clock differs from"
                + " the cloud's by minutes; set the keys again, and look at the clock";
    }

    private String parameter() {
        String words = text.toLowerCase(Locale.ROOT);
        if (words.contains("attached")) {
            return ". A volume must be detached before it is deleted, and before it is attached elsewhere; detach it first";
        }
        if (words.contains("size")) {
            return ". Sizes are whole GiB within the disk offering's limits, and a root disk is not below its template";
        }
        if (noSuchEntity()) {
            return ". It is gone, belongs to another account, or its id is mistyped";
        }
        return ". A parameter is wrong, or things are not in a state that allows it";
    }
}
