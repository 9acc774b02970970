package io.migratekit.source.vddk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KnownFailureTest {

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    PLUGIN_MISSING | nbdkit: error: cannot open plugin 'vddk': /usr/lib64/nbdkit/plugins/nbdkit-vddk-plugin.so: cannot open shared object file: No such file or directory
                    FILTER_MISSING | nbdkit: error: cannot open filter 'limit': /usr/lib64/nbdkit/filters/nbdkit-limit-filter.so: cannot open shared object file: No such file or directory
                    LIBRARY_MISSING | nbdkit: error: /opt/vddk/lib64/libvixDiskLib.so.7: cannot open shared object file: No such file or directory
                    LIBRARY_INCOMPLETE | nbdkit: error: libssl.so.3: cannot open shared object file: No such file or directory
                    LIBRARY_VERSION | nbdkit: error: VDDK version must be >= 6.5. See nbdkit-vddk-plugin(1) man page section "SUPPORTED VERSIONS OF VDDK".
                    LIBRARY_VERSION | nbdkit: error: required VDDK symbol "VixDiskLib_Wait" is missing: undefined symbol
                    LIBRARY_VERSION | nbdkit: error: unknown parameter 'compression'
                    THUMBPRINT | nbdkit: debug: VixDiskLibVim: Failed to verify SSL certificate: actual thumbprint=B2:31:BD:DE:9F:DB:9D:E0:78:EF:30:42:8A:41:B0:28:92:93:C8:DD expected=12
                    LOGIN | nbdkit: vddk[1]: error: VixDiskLib_ConnectEx: Cannot complete login due to an incorrect user name or password.
                    LICENSE | nbdkit: vddk[1]: error: VixDiskLib_Open: The host is not licensed for this feature
                    HOST_UNKNOWN | nbdkit: vddk[1]: error: [NFC ERROR] Failed to connect: Host address lookup for server 'esxi.example.com' failed: Name or service not known
                    PORT_BLOCKED | nbdkit: vddk[1]: debug: CnxOpenTCPSocket: Timed out connecting to server esxi:902: Operation now in progress
                    PORT_BLOCKED | nbdkit: vddk[1]: error: [NFC ERROR]NfcNewAuthdConnectionEx: Failed to connect to peer. Error: Failed to connect to server esxi.example.com:902
                    PORT_BLOCKED | nbdkit: vddk[1]: error: [NFC ERROR] Failed to connect to esxi.example.com:902: Connection refused
                    PORT_BLOCKED | nbdkit: vddk[1]: error: [NFC ERROR]NfcNewAuthdConnectionEx: Failed to connect: Error reading from vmware-authd socket. Reason: Resource temporarily unavailable
                    NFC_MEMORY | nbdkit: vddk[3]: error: [NFC ERROR] NfcFssrvrProcessErrorMsg: received NFC error 5 from server: Failed to allocate the requested 2097176 bytes
                    NFC | nbdkit: vddk[3]: error: [NFC ERROR] NfcFssrvrProcessErrorMsg: received NFC error 13 from server
                    TRANSPORT | nbdkit: vddk[1]: error: VixDiskLib_Open: No transport modes available to access disk
                    NOT_FOUND | nbdkit: vddk[1]: error: VixDiskLib_Open: [ds] vm/vm.vmdk: A file was not found
                    NOT_FOUND | nbdkit: vddk[1]: error: The object 'vim.vm.Snapshot:snapshot-42' has already been deleted or has not been completely created
                    PERMISSION | nbdkit: vddk[1]: error: VixDiskLib_Open: [ds] vm/vm.vmdk: You do not have access rights to this file
                    PARAMETERS | nbdkit: vddk[1]: error: VixDiskLib_ConnectEx: One of the parameters was invalid
                    PERHAPS_THUMBPRINT | nbdkit: vddk[1]: error: Please verify whether the "thumbprint" parameter (12:34) matches the SHA1 fingerprint of the remote VMware server. Refer to nbdkit-vddk-plugin(1) section "THUMBPRINTS" for details.
                    UNREACHABLE | nbdkit: vddk[1]: error: VixDiskLib_ConnectEx: Cannot connect to host
                    """)
    void knows(KnownFailure expected, String line) {
        assertThat(KnownFailure.in(List.of(line)).orElseThrow().failure()).isEqualTo(expected);
    }

    @Test
    void takesTheLineThatSaysMore() {
        List<String> lines = List.of(
                "nbdkit: vddk[1]: error: VixDiskLib_ConnectEx: One of the parameters was invalid",
                "nbdkit: vddk[1]: debug: VixDiskLibVim: Failed to verify SSL certificate: actual thumbprint=AA expected=BB");

        assertThat(KnownFailure.in(lines).orElseThrow().text()).contains("actual thumbprint=AA", "server's console");
    }

    @ParameterizedTest
    @CsvSource({
        "nbdkit: vddk[1]: debug: VixDiskLib: VixDiskLib_ConnectEx: No transport plugin. Advanced transports not available.",
        "nbdkit: vddk[1]: debug: NBD_ClientOpen: attempting to create connection to vpxa-nfc://[ds] vm.vmdk@esxi:902!52 f4",
        "nbdkit: debug: PREF Optional preferences file not found at /root/.vmware/config. Using default values.",
        "nbdkit: debug: vddk: config key=password value=***",
        "nbdkit: vddk[1]: debug: transport mode: nbdssl"
    })
    void isNotMisledByWhatVddkLogsWhenAllIsWell(String line) {
        assertThat(KnownFailure.in(List.of(line))).isEmpty();
    }
}
