package io.migratekit.source.nbdexport;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.nbd.client.ExportInfo;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceException;
import io.migratekit.source.SourceRef;
import io.migratekit.source.standing.StandingDisk;
import io.migratekit.source.standing.StandingDisks;
import java.io.IOException;

/** Disks named by NBD URIs. */
final class NbdExports implements StandingDisks {
    private final ClientOptions options;
    private final Reconnect reconnect;

    NbdExports(ClientOptions options, Reconnect reconnect) {
        this.options = options;
        this.reconnect = reconnect;
    }

    @Override
    public String form() {
        return "an NBD URI (nbd://host/export, nbd+unix:///export?socket=PATH)";
    }

    @Override
    public boolean accepts(SourceRef ref) {
        return NbdUri.accepts(ref.text());
    }

    @Override
    public StandingDisk look(DiskKey key, SourceRef ref) throws IOException {
        ExportQuestion question = ExportQuestion.of(NbdUri.parse(ref.text()));
        try (NbdClient client = NbdClient.connect(question.uri(), question.applyTo(options))) {
            ExportInfo export = client.export();
            return new NbdExportDisk(key, question, export, options, reconnect);
        } catch (NbdException.Refused e) {
            throw new SourceException.NotFound(e.getMessage());
        } catch (NbdException.Disconnected e) {
            throw new SourceException.Unavailable(e.getMessage(), e);
        }
    }
}
