package io.migratekit.source.vcenter.soap;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.ws.Argument;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.Calendar;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes calls. Names what is of another type than the schema's by {@code xsi:type}. */
final class SoapWriter {
    static final String SOAP = "http://schemas.xmlsoap.org/soap/envelope/";
    static final String SCHEMA = "http://www.w3.org/2001/XMLSchema";
    static final String INSTANCE = SCHEMA + "-instance";
    static final String VIM = "urn:vim25";

    private static final Map<Class<?>, String> SIMPLE = Map.of(
            String.class, "string",
            Boolean.class, "boolean",
            Integer.class, "int",
            Long.class, "long",
            Short.class, "short",
            Byte.class, "byte",
            Float.class, "float",
            Double.class, "double");

    private final XMLStreamWriter xml;

    private SoapWriter(XMLStreamWriter xml) {
        this.xml = xml;
    }

    /** Returns the message that makes a call. */
    static byte[] write(String method, Argument[] arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try {
            new SoapWriter(XMLOutputFactory.newInstance().createXMLStreamWriter(bytes, "UTF-8"))
                    .envelope(method, arguments);
        } catch (XMLStreamException | IllegalAccessException e) {
            throw new IllegalStateException("the call " + method + " cannot be written as XML", e);
        }
        return bytes.toByteArray();
    }

    private void envelope(String method, Argument[] arguments) throws XMLStreamException, IllegalAccessException {
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeStartElement("soapenv", "Envelope", SOAP);
        xml.writeNamespace("soapenv", SOAP);
        xml.writeNamespace("xsd", SCHEMA);
        xml.writeNamespace("xsi", INSTANCE);
        xml.writeStartElement("soapenv", "Body", SOAP);
        xml.writeStartElement(method);
        xml.writeDefaultNamespace(VIM);
        for (Argument argument : arguments) {
            if (argument.getValue() != null) {
                element(argument.getName(), argument.getValue(), plainName(argument.getType()));
            }
        }
        xml.writeEndDocument();
        xml.close();
    }

    private void element(String name, Object value, String declared) throws XMLStreamException, IllegalAccessException {
        if (value.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(value); i++) {
                element(name, Array.get(value, i), declared);
            }
            return;
        }
        xml.writeStartElement(name);
        if (value instanceof ManagedObjectReference reference) {
            xml.writeAttribute("type", reference.getType());
            xml.writeCharacters(reference.getVal());
        } else if (SIMPLE.containsKey(value.getClass())) {
            type("xsd:" + SIMPLE.get(value.getClass()), declared.equals("Object"));
            xml.writeCharacters(value.toString());
        } else if (value instanceof Calendar moment) {
            type("xsd:dateTime", declared.equals("Object"));
            xml.writeCharacters(moment.toInstant().toString());
        } else {
            String actual = value.getClass().getSimpleName();
            type(actual, !actual.equals(declared));
            content(value);
        }
        xml.writeEndElement();
    }

    private void type(String name, boolean needed) throws XMLStreamException {
        if (needed) {
            xml.writeAttribute("xsi", INSTANCE, "type", name);
        }
    }

    private void content(Object value) throws XMLStreamException, IllegalAccessException {
        if (value instanceof Enum<?> constant) {
            xml.writeCharacters(constant.name());
            return;
        }
        for (Field field : DataClass.of(value.getClass()).fields()) {
            Object part = field.get(value);
            if (part != null) {
                element(field.getName(), part, plainName(field.getType().getSimpleName()));
            }
        }
    }

    private static String plainName(String type) {
        return type.endsWith("[]") ? type.substring(0, type.length() - 2) : type;
    }
}
