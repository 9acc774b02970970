package io.migratekit.volume.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/** Everything that any logger says at its most talkative, ours and those of libraries and of Java itself. */
final class CapturedLog implements AutoCloseable {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level before = root.getLevel();
    private final OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    private final List<Appender<ILoggingEvent>> others = new ArrayList<>();
    private final java.util.logging.Logger javaRoot = java.util.logging.Logger.getLogger("");
    private final java.util.logging.Level javaBefore = javaRoot.getLevel();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord message) {
            byte[] text = new SimpleFormatter().format(message).getBytes(StandardCharsets.UTF_8);
            said.write(text, 0, text.length);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    CapturedLog() {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%level %logger %msg%n%xEx");
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(said);
        appender.start();
        root.iteratorForAppenders().forEachRemaining(others::add);
        others.forEach(root::detachAppender);
        root.addAppender(appender);
        root.setLevel(Level.TRACE);
        javaRoot.addHandler(handler);
        javaRoot.setLevel(java.util.logging.Level.ALL);
    }

    String text() {
        return said.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        javaRoot.setLevel(javaBefore);
        javaRoot.removeHandler(handler);
        root.setLevel(before);
        root.detachAppender(appender);
        others.forEach(root::addAppender);
        appender.stop();
    }
}
