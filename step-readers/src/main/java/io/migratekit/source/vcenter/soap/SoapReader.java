package io.migratekit.source.vcenter.soap;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.MethodFault;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers into data objects. What is newer than those (elements, types, constants) is left out, and an object of
 * an unknown type is read as the type that its field was declared with.
 */
final class SoapReader {
    /** Snapshot trees and parents of disks nest some 32 deep; more is no vCenter. */
    private static final int DEPTH_MAX = 200;

    private final XMLStreamReader xml;
    private final DataReader data;

    private SoapReader(XMLStreamReader xml) {
        this.xml = xml;
        this.data = new DataReader(xml, DEPTH_MAX);
    }

    /**
     * Reads an answer.
     *
     * @param type of the result as yavijava names it, as in {@code ObjectContent[]}; null for none
     * @return the result; null if there is none
     * @throws VimFault if that is the answer
     * @throws XMLStreamException if it is no answer at all
     */
    static @Nullable Object read(byte[] body, @Nullable String type) throws VimFault, XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newInstance();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        XMLStreamReader xml = factory.createXMLStreamReader(new ByteArrayInputStream(body));
        try {
            return new SoapReader(xml).answer(type);
        } finally {
            xml.close();
        }
    }

    private @Nullable Object answer(@Nullable String type) throws VimFault, XMLStreamException {
        enter("Envelope");
        enter("Body");
        if (xml.nextTag() != XMLStreamConstants.START_ELEMENT) {
            throw new XMLStreamException("an answer without content", xml.getLocation());
        }
        if (xml.getLocalName().equals("Fault")) {
            throw fault();
        }
        return type == null ? null : results(type);
    }

    private void enter(String name) throws XMLStreamException {
        do {
            xml.nextTag();
            if (xml.isStartElement() && !xml.getLocalName().equals(name)) {
                data.skip();
            }
        } while (xml.isEndElement());
        if (!xml.getLocalName().equals(name)) {
            throw new XMLStreamException("no " + name, xml.getLocation());
        }
    }

    private @Nullable Object results(String type) throws XMLStreamException {
        boolean many = type.endsWith("[]");
        Class<?> declared =
                many ? DataReader.elementOf(type.substring(0, type.length() - 2)) : DataReader.classOf(type);
        List<Object> results = new ArrayList<>();
        while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
            Object result = data.value(declared);
            if (result != null) {
                results.add(result);
            }
        }
        if (many) {
            return DataReader.array(declared, results);
        }
        return results.isEmpty() ? null : results.get(0);
    }

    private VimFault fault() throws XMLStreamException {
        String words = "";
        String type = "MethodFault";
        Optional<MethodFault> content = Optional.empty();
        while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
            switch (xml.getLocalName()) {
                case "faultstring" -> words = xml.getElementText().strip();
                case "detail" -> {
                    while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
                        type = faultType();
                        content = Optional.ofNullable(data.value(MethodFault.class))
                                .filter(MethodFault.class::isInstance)
                                .map(MethodFault.class::cast);
                    }
                }
                default -> data.skip();
            }
        }
        return new VimFault(type, words, content);
    }

    /** The type is named by the element, with Fault at its end, and usually by an attribute as well. */
    private String faultType() {
        String named = xml.getAttributeValue(SoapWriter.INSTANCE, "type");
        if (named != null) {
            return named.substring(named.indexOf(':') + 1);
        }
        String element = xml.getLocalName();
        return element.endsWith("Fault") ? element.substring(0, element.length() - "Fault".length()) : element;
    }

    /** Returns what a text of an answer that cannot be read may be quoted as. */
    static String quote(byte[] body) {
        String start = new String(body, 0, Math.min(body.length, 200), StandardCharsets.UTF_8);
        return start.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    }

    /** Returns a reference. */
    static ManagedObjectReference reference(String type, String value) {
        ManagedObjectReference reference = new ManagedObjectReference();
        reference.setType(type);
        reference.setVal(value);
        return reference;
    }
}
