package io.migratekit.source.vcenter.soap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.vmware.vim25.DynamicProperty;
import com.vmware.vim25.InvalidLogin;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.MethodFault;
import com.vmware.vim25.NoPermission;
import com.vmware.vim25.ObjectContent;
import com.vmware.vim25.VirtualDevice;
import com.vmware.vim25.VirtualDisk;
import com.vmware.vim25.VirtualDiskFlatVer2BackingInfo;
import com.vmware.vim25.VirtualMachinePowerState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Calendar;
import java.util.Objects;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SoapReaderTest {

    @Test
    void readsPropertiesOfAllKinds() throws Exception {
        ObjectContent[] contents = (ObjectContent[]) Objects.requireNonNull(read("ObjectContent[]", """
                <returnval><obj xsi:type="ManagedObjectReference" type="VirtualMachine">vm-7</obj>
                <propSet><name>name</name><val xsi:type="xsd:string">a&amp;b %2f</val></propSet>
                <propSet><name>on</name><val xsi:type="VirtualMachinePowerState">poweredOn</val></propSet>
                <propSet><name>n</name><val xsi:type="xsd:int">-4</val></propSet>
                <propSet><name>view</name><val xsi:type="ArrayOfManagedObjectReference">
                  <ManagedObjectReference type="Folder" xsi:type="ManagedObjectReference">group-1</ManagedObjectReference>
                </val></propSet></returnval>
                <returnval><obj type="VirtualMachine">vm-8</obj></returnval>"""));

        assertThat(contents).hasSize(2);
        assertThat(contents[0].getObj().getType()).isEqualTo("VirtualMachine");
        DynamicProperty[] properties = contents[0].getPropSet();
        assertThat(properties[0].getVal()).isEqualTo("a&b %2f");
        assertThat(properties[1].getVal()).isEqualTo(VirtualMachinePowerState.poweredOn);
        assertThat(properties[2].getVal()).isEqualTo(-4);
        assertThat(((ManagedObjectReference[]) properties[3].getVal())[0].getVal())
                .isEqualTo("group-1");
        assertThat(contents[1].getPropSet()).isNull();
    }

    @Test
    void leavesOutWhatIsNewerThanTheDataObjects() throws Exception {
        DynamicProperty property = (DynamicProperty) Objects.requireNonNull(read("DynamicProperty", """
                <returnval><name>config.hardware.device</name><val xsi:type="ArrayOfVirtualDevice">
                <VirtualDevice xsi:type="VirtualQuantumController"><key>1500</key><qubits>5</qubits></VirtualDevice>
                <VirtualDevice xsi:type="VirtualDisk"><key>2000</key><backing xsi:type="VirtualDiskFlatVer2BackingInfo">
                <fileName>[a] b/b.vmdk</fileName><newer><than><us/></than></newer><diskMode>persistent</diskMode>
                <keyId><keyId>x</keyId></keyId></backing><capacityInKB>8</capacityInKB><wonder>1</wonder></VirtualDevice>
                </val></returnval>"""));

        VirtualDevice[] devices = (VirtualDevice[]) property.getVal();
        assertThat(devices[0].getClass()).isEqualTo(VirtualDevice.class);
        assertThat(devices[0].getKey()).isEqualTo(1500);
        VirtualDisk disk = (VirtualDisk) devices[1];
        assertThat(disk.getCapacityInKB()).isEqualTo(8);
        assertThat(((VirtualDiskFlatVer2BackingInfo) disk.getBacking()).getDiskMode())
                .isEqualTo("persistent");
        DynamicProperty unknown = (DynamicProperty) Objects.requireNonNull(read(
                "DynamicProperty", "<returnval><val xsi:type=\"Unheard\"><of>1</of></val><name>x</name></returnval>"));
        assertThat(unknown.getVal()).isNull();
        assertThat(unknown.getName()).isEqualTo("x");
    }

    @Test
    void readsListsOfPrimitives() throws Exception {
        assertThat(read("boolean[]", "<returnval>true</returnval><returnval>false</returnval>"))
                .isEqualTo(new boolean[] {true, false});
    }

    @Test
    void readsMomentsWithAndWithoutOffset() throws Exception {
        for (String text :
                new String[] {"2026-11-26T23:10:05.5Z", "2026-11-27T00:10:05.5+01:00", "2026-11-26T23:10:05.5"}) {
            Calendar moment =
                    (Calendar) Objects.requireNonNull(read("Calendar", "<returnval>%s</returnval>".formatted(text)));
            assertThat(moment.toInstant()).isEqualTo(Instant.parse("2026-11-26T23:10:05.5Z"));
        }
    }

    @Test
    void givesNothingForAnAnswerWithoutAResult() throws Exception {
        assertThat(read("ManagedObjectReference", "")).isNull();
        assertThat(read(null, "")).isNull();
    }

    @Test
    void throwsFaultsByTheirTypesAndWords() {
        assertThatThrownBy(() -> SoapReader.read(fault("InvalidLoginFault", "InvalidLogin", "wrong"), null))
                .isInstanceOfSatisfying(VimFault.class, fault -> {
                    assertThat(fault.is(InvalidLogin.class)).isTrue();
                    assertThat(fault.is(com.vmware.vim25.VimFault.class)).isTrue();
                    assertThat(fault.is(NoPermission.class)).isFalse();
                    assertThat(fault).hasMessage("InvalidLogin: wrong");
                });
        assertThatThrownBy(() -> SoapReader.read(fault("FutureFault", "Future", ""), null))
                .isInstanceOfSatisfying(VimFault.class, fault -> {
                    assertThat(fault.type()).isEqualTo("Future");
                    assertThat(fault.is(MethodFault.class)).isTrue();
                });
    }

    private static byte[] fault(String element, String type, String words) {
        return envelope(
                "<soapenv:Fault><faultcode>x</faultcode><faultstring>%s</faultstring><detail><%s xsi:type=\"%s\"/></detail></soapenv:Fault>"
                        .formatted(words, element, type));
    }

    @Test
    void refusesWhatIsNoAnswer() {
        String bomb = "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>";
        for (String body :
                new String[] {"", "<html>", "<a/>", bomb + new String(envelope("<x>&a;</x>"), StandardCharsets.UTF_8)
                }) {
            assertThatThrownBy(() -> SoapReader.read(body.getBytes(StandardCharsets.UTF_8), "String"))
                    .isInstanceOf(XMLStreamException.class);
        }
        String deep = "<parent xsi:type=\"VirtualDiskFlatVer2BackingInfo\">".repeat(300) + "</parent>".repeat(300);
        assertThatThrownBy(() -> read("VirtualDiskFlatVer2BackingInfo", "<returnval>" + deep + "</returnval>"))
                .isInstanceOf(XMLStreamException.class)
                .hasMessageContaining("nests more than");
    }

    private static @Nullable Object read(@Nullable String type, String results) throws Exception {
        return SoapReader.read(envelope("<AnyResponse xmlns=\"urn:vim25\">" + results + "</AnyResponse>"), type);
    }

    private static byte[] envelope(String body) {
        return ("<?xml version=\"1.0\"?><soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\""
                        + " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\""
                        + " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Header/><soapenv:Body>"
                        + body + "</soapenv:Body></soapenv:Envelope>")
                .getBytes(StandardCharsets.UTF_8);
    }
}
