package io.migratekit.source.vcenter.lab;

import java.io.IOException;
import java.io.StringReader;
import java.net.CookieManager;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** The least that talks to a vCenter: written XML out, XPath over what comes back. Faults are answers like others. */
final class Soap {
    private final LabLogin login;
    private final HttpClient client;

    Soap(LabLogin login) throws GeneralSecurityException {
        this.login = login;
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, new TrustManager[] {new Pinned(login.sha256Thumbprint())}, null);
        this.client = HttpClient.newBuilder()
                .sslContext(tls)
                .cookieHandler(new CookieManager())
                .build();
    }

    Answer logIn() throws Exception {
        return logIn(login.password());
    }

    Answer logIn(String password) throws Exception {
        return call(
                "Login",
                "SessionManager",
                "SessionManager",
                "<userName>%s</userName><password>%s</password>".formatted(login.user(), escaped(password)));
    }

    Answer call(String method, String type, String reference, String arguments) throws Exception {
        String envelope = """
                <Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"
                 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Body><%s xmlns="urn:vim25">\
                <_this type="%s">%s</_this>%s</%1$s></Body></Envelope>""".formatted(method, type, reference, arguments);
        HttpRequest request = HttpRequest.newBuilder(login.url())
                .header("Content-Type", "text/xml; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(envelope))
                .build();
        HttpResponse<String> response =
                client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        return new Answer(response.body());
    }

    /** A task that has ended; asked for as long as it has not. */
    Answer run(String method, String type, String reference, String arguments) throws Exception {
        String task = call(method + "_Task", type, reference, arguments).one("//returnval");
        while (true) {
            Answer info = read("Task", task, "info");
            String state = info.one("//val/state");
            if (state.equals("success") || state.equals("error")) {
                return info;
            }
        }
    }

    Answer read(String type, String reference, String property) throws Exception {
        return call(
                "RetrieveProperties",
                "PropertyCollector",
                "propertyCollector",
                "<specSet><propSet><type>%1$s</type><pathSet>%3$s</pathSet></propSet><objectSet><obj type=\"%1$s\">%2$s</obj></objectSet></specSet>"
                        .formatted(type, reference, property));
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    /** What came back. Names are asked for without their prefixes. */
    record Answer(String body) {
        String one(String path) {
            List<String> all = all(path);
            if (all.size() != 1) {
                throw new AssertionError("%s is %d times in %s".formatted(path, all.size(), this));
            }
            return all.get(0);
        }

        List<String> all(String path) {
            try {
                Document document = DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(body)));
                NodeList nodes = (NodeList)
                        XPathFactory.newInstance().newXPath().evaluate(path, document, XPathConstants.NODESET);
                List<String> texts = new ArrayList<>();
                for (int i = 0; i < nodes.getLength(); i++) {
                    texts.add(nodes.item(i).getTextContent());
                }
                return texts;
            } catch (XPathException | ParserConfigurationException | SAXException | IOException e) {
                throw new AssertionError(toString(), e);
            }
        }

        /** The fault's type; none: empty. */
        String fault() {
            return String.join(" ", all("//detail/*/@type | //error/fault/@type"));
        }

        @Override
        public String toString() {
            return body;
        }
    }

    /** Trusts one certificate, whatever it says of itself. */
    private static final class Pinned extends X509ExtendedTrustManager {
        private final String thumbprint;

        Pinned(String thumbprint) {
            this.thumbprint = thumbprint;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
                throws CertificateException {
            checkServerTrusted(chain, kind);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket)
                throws CertificateException {
            checkServerTrusted(chain, kind);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
                String seen = HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
                if (!seen.equals(thumbprint)) {
                    throw new CertificateException("thumbprint " + seen + " instead of " + thumbprint);
                }
            } catch (GeneralSecurityException e) {
                throw new CertificateException(e);
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {
            throw new UnsupportedOperationException();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
