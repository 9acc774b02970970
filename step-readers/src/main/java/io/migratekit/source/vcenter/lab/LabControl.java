package io.migratekit.source.vcenter.lab;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** Does to a lab vCenter what no API does: faults, restarts, guests that write. */
public final class LabControl {
    /** Whatever is asked for is done at once; more than this means that the lab hangs. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final URI address;
    private final HttpClient client = HttpClient.newHttpClient();

    LabControl(URI address) {
        this.address = address;
    }

    /** Makes a virtual machine. */
    public LabMachine create(LabMachineSpec spec) throws IOException {
        List<String> lines = post("/machine/create", spec.form()).lines().toList();
        return new LabMachine(
                this,
                lines.get(0),
                lines.get(1),
                lines.stream().skip(2).map(Integer::valueOf).toList());
    }

    /** Says of what type a datastore is from now on, as in VMFS or NFS; machines are on {@code LocalDS_0}. */
    public void setDatastore(String name, String type) throws IOException {
        post("/datastore/set", new LabForm().add("name", name).add("type", type));
    }

    /** Says how much space of a datastore is free from now on. */
    public void setFreeSpace(String name, long bytes) throws IOException {
        post("/datastore/set", new LabForm().add("name", name).add("free", bytes));
    }

    /** Ends every session: each client has to log in again. */
    public void expireSessions() throws IOException {
        post("/expire", new LabForm());
    }

    /**
     * Forgets every session and task, ends every connection, also of those who read disks, and answers nothing for a
     * while. What tasks have begun goes on.
     */
    public void restart(Duration down) throws IOException {
        post("/restart", new LabForm().add("down", down.toMillis()));
    }

    /** Ends the connections of those who read disks: each disk has to be opened anew. */
    public void dropReaders() throws IOException {
        post("/readers/drop", new LabForm());
    }

    /** Answers to questions for properties have at most so many objects from now on; 0: as many as were asked for. */
    public void pageProperties(int objects) throws IOException {
        post("/properties/page", new LabForm().add("objects", objects));
    }

    /** Makes calls of a method go wrong. */
    public void script(LabScript script) throws IOException {
        post(script.path(), script.form());
    }

    /** Lets every frozen task go on. */
    public void release() throws IOException {
        post("/script/release", new LabForm());
    }

    /** Forgets all scripts, and lets every frozen task go on. */
    public void clearScripts() throws IOException {
        post("/script/clear", new LabForm());
    }

    /** How often a method was called since the start, such as {@code QueryChangedDiskAreas}. */
    public long calls(String method) throws IOException {
        return Long.parseLong(post("/script/count", new LabForm().add("name", method)));
    }

    String post(String path, LabForm form) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(address.resolve(path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form.encoded()))
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException(
                        "the lab vCenter refused: " + response.body().strip());
            }
            return response.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the lab vCenter did " + path, e);
        }
    }
}
