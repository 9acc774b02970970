package io.migratekit.source.vcenter.soap;

import com.vmware.vim25.ManagedObjectReference;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** Reads values. Each method is called at an element's start and returns at its end. */
final class DataReader {
    private static final Map<String, Class<?>> SIMPLE = Map.ofEntries(
            Map.entry("string", String.class),
            Map.entry("String", String.class),
            Map.entry("anyURI", String.class),
            Map.entry("boolean", Boolean.class),
            Map.entry("Boolean", Boolean.class),
            Map.entry("int", Integer.class),
            Map.entry("long", Long.class),
            Map.entry("short", Short.class),
            Map.entry("byte", Byte.class),
            Map.entry("float", Float.class),
            Map.entry("double", Double.class),
            Map.entry("dateTime", Calendar.class),
            Map.entry("Calendar", Calendar.class),
            Map.entry("Object", Object.class),
            Map.entry("anyType", Object.class));

    private final XMLStreamReader xml;
    private final int depthMax;
    private int depth;

    DataReader(XMLStreamReader xml, int depthMax) {
        this.xml = xml;
        this.depthMax = depthMax;
    }

    /** Returns the class of a type as yavijava or the schema names it; any object if it is unknown. */
    static Class<?> classOf(String type) {
        String name = type.substring(type.indexOf(':') + 1);
        Class<?> simple = SIMPLE.get(name);
        return simple != null ? simple : DataClass.named(name).orElse(Object.class);
    }

    /** Returns the class of an array's elements, which are primitives where yavijava names one. */
    static Class<?> elementOf(String type) {
        return switch (type) {
            case "boolean" -> boolean.class;
            case "int" -> int.class;
            case "long" -> long.class;
            case "short" -> short.class;
            case "byte" -> byte.class;
            default -> classOf(type);
        };
    }

    /** Returns an array of a type, of primitives if that is one. */
    static Object array(Class<?> type, List<Object> values) {
        Object array = Array.newInstance(type, values.size());
        for (int i = 0; i < values.size(); i++) {
            Array.set(array, i, values.get(i));
        }
        return array;
    }

    /** Reads the element as what it says to be, or as what was declared; null if it is neither known nor of use. */
    @Nullable
    Object value(Class<?> declared) throws XMLStreamException {
        if (++depth > depthMax) {
            throw new XMLStreamException("an answer that nests more than %d deep".formatted(depthMax));
        }
        try {
            String named = xml.getAttributeValue(SoapWriter.INSTANCE, "type");
            if (named == null) {
                return of(boxed(declared));
            }
            String plain = named.substring(named.indexOf(':') + 1);
            if (plain.startsWith("ArrayOf") && !declared.isArray()) {
                return of(plain.substring("ArrayOf".length()));
            }
            Class<?> actual = classOf(plain);
            boolean fits = boxed(declared).isAssignableFrom(actual);
            return of(actual != Object.class && fits ? actual : boxed(declared));
        } finally {
            depth--;
        }
    }

    private Object of(String component) throws XMLStreamException {
        Class<?> type = switch (component) {
            case "Int" -> int.class;
            case "Long" -> long.class;
            case "Short" -> short.class;
            case "Byte" -> byte.class;
            case "Boolean" -> boolean.class;
            default -> classOf(component);
        };
        List<Object> values = new ArrayList<>();
        while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
            Object value = value(type);
            if (value != null) {
                values.add(value);
            }
        }
        return array(type, values);
    }

    private @Nullable Object of(Class<?> type) throws XMLStreamException {
        if (type == Object.class || type.isArray()) {
            skip();
            return null;
        }
        if (type == ManagedObjectReference.class) {
            String kind = plainType(); // before the text moves on
            return SoapReader.reference(kind, xml.getElementText());
        }
        if (type.isEnum()) {
            return constant(type, xml.getElementText());
        }
        return type.getName().startsWith("com.vmware.") ? object(type) : simple(type, xml.getElementText());
    }

    /** Returns the attribute that is called "type" without a namespace; StAX takes {@code xsi:type} for it as well. */
    private String plainType() {
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            String namespace = xml.getAttributeNamespace(i);
            if (xml.getAttributeLocalName(i).equals("type") && (namespace == null || namespace.isEmpty())) {
                return xml.getAttributeValue(i);
            }
        }
        return "";
    }

    private static @Nullable Object constant(Class<?> type, String text) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(text)) {
                return constant;
            }
        }
        return null;
    }

    private static Object simple(Class<?> type, String text) throws XMLStreamException {
        try {
            if (type == String.class) {
                return text;
            } else if (type == Boolean.class) {
                return text.strip().equals("true") || text.strip().equals("1");
            } else if (type == Integer.class) {
                return Integer.valueOf(text.strip());
            } else if (type == Long.class) {
                return Long.valueOf(text.strip());
            } else if (type == Short.class) {
                return Short.valueOf(text.strip());
            } else if (type == Byte.class) {
                return Byte.valueOf(text.strip());
            } else if (type == Float.class) {
                return Float.valueOf(text.strip());
            } else if (type == Double.class) {
                return Double.valueOf(text.strip());
            }
            return GregorianCalendar.from(moment(text.strip()));
        } catch (NumberFormatException | DateTimeParseException e) {
            throw new XMLStreamException("'%s' is no %s".formatted(text, type.getSimpleName()), e);
        }
    }

    /** A moment without an offset is one of UTC (vSphere Web Services SDK, "dateTime"). */
    private static ZonedDateTime moment(String text) {
        boolean local = text.matches(".*T[0-9:.]+");
        return local
                ? LocalDateTime.parse(text).atZone(ZoneOffset.UTC)
                : OffsetDateTime.parse(text).toZonedDateTime();
    }

    private @Nullable Object object(Class<?> type) throws XMLStreamException {
        Object object = instance(type);
        if (object == null) {
            skip();
            return null;
        }
        DataClass fields = DataClass.of(type);
        Map<Field, List<Object>> arrays = new LinkedHashMap<>();
        while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
            Optional<Field> field = fields.field(xml.getLocalName());
            if (field.isEmpty()) {
                skip();
            } else {
                part(object, field.get(), arrays);
            }
        }
        for (Map.Entry<Field, List<Object>> entry : arrays.entrySet()) {
            set(object, entry.getKey(), array(entry.getKey().getType().getComponentType(), entry.getValue()));
        }
        return object;
    }

    private void part(Object object, Field field, Map<Field, List<Object>> arrays) throws XMLStreamException {
        boolean many = field.getType().isArray();
        if (field.getType() == byte[].class) { // base64 in some places, lists in others; nothing here needs one
            skip();
            return;
        }
        Object value = value(many ? field.getType().getComponentType() : field.getType());
        if (value != null && many) {
            arrays.computeIfAbsent(field, name -> new ArrayList<>()).add(value);
        } else if (value != null) {
            set(object, field, value);
        }
    }

    /** Leaves out the element and all in it. */
    void skip() throws XMLStreamException {
        for (int open = 1; open > 0; ) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                open++;
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                open--;
            }
        }
    }

    private static @Nullable Object instance(Class<?> type) throws XMLStreamException {
        if (Modifier.isAbstract(type.getModifiers())) {
            return null;
        }
        try {
            return type.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new XMLStreamException("a %s cannot be made".formatted(type.getSimpleName()), e);
        }
    }

    private static void set(Object object, Field field, Object value) throws XMLStreamException {
        try {
            field.set(object, value);
        } catch (IllegalAccessException e) {
            throw new XMLStreamException("field %s cannot be set".formatted(field), e);
        }
    }

    private static Class<?> boxed(Class<?> type) {
        return type.isPrimitive() ? MethodType.methodType(type).wrap().returnType() : type;
    }
}
