package io.migratekit.source.vcenter.soap;

import static org.assertj.core.api.Assertions.assertThat;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.ObjectSpec;
import com.vmware.vim25.SelectionSpec;
import com.vmware.vim25.TraversalSpec;
import com.vmware.vim25.ws.Argument;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class SoapWriterTest {

    @Test
    void writesCallsInTheOrderOfTheSchemaWithoutWhatIsMissing() {
        TraversalSpec traversal = new TraversalSpec();
        traversal.setName("all");
        traversal.setPath("view");
        ObjectSpec spec = new ObjectSpec();
        spec.setObj(reference("ContainerView", "session[1]view-2"));
        spec.setSelectSet(new SelectionSpec[] {traversal});

        String call = write(
                "Try",
                new Argument("_this", "ManagedObjectReference", reference("VirtualMachine", "vm-1")),
                new Argument("name", "String", "<b> & \"ü\""),
                new Argument("missing", "String", null),
                new Argument("start", "long", 5L),
                new Argument("type", "String[]", new String[] {"a", "b"}),
                new Argument("spec", "ObjectSpec", spec));

        assertThat(call)
                .contains(
                        "<_this type=\"VirtualMachine\">vm-1</_this><name>&lt;b&gt; &amp; \"ü\"</name><start>5</start>")
                .contains("<type>a</type><type>b</type>")
                .contains(
                        "<spec><obj type=\"ContainerView\">session[1]view-2</obj><selectSet xsi:type=\"TraversalSpec\"><name>all</name><path>view</path></selectSet></spec>")
                .doesNotContain("missing");
    }

    private static ManagedObjectReference reference(String type, String value) {
        return SoapReader.reference(type, value);
    }

    private static String write(String method, Argument... arguments) {
        return new String(SoapWriter.write(method, arguments), StandardCharsets.UTF_8);
    }
}
