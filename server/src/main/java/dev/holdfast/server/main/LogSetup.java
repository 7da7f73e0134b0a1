package dev.holdfast.server.main;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.holdfast.server.config.Logging;
import org.slf4j.LoggerFactory;

/**
 * Where log lines go: to standard error, each with the id of the request it belongs to. Found by Logback as a service, so that
 * no file has to be parsed at the start of every command; a server then sets it up by its configuration.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level %X{request:--} %logger{0}: %msg%n";
    /** Libraries whose news is not the operator's. */
    private static final String[] QUIET = {
        "org.eclipse.jetty", "io.prometheus", "com.zaxxer.hikari", "com.datastax.oss", "software.amazon.awssdk"
    };

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        set(context, Level.WARN, Logging.Format.TEXT);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    static void apply(Logging logging) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.reset();
            set(context, Level.toLevel(logging.level().name()), logging.format());
        }
    }

    private static void set(LoggerContext context, Level level, Logging.Format format) {
        Encoder<ILoggingEvent> encoder = switch (format) {
            case TEXT -> {
                PatternLayoutEncoder text = new PatternLayoutEncoder();
                text.setPattern(PATTERN);
                yield text;
            }
            case JSON -> new JsonEncoder();
        };
        encoder.setContext(context);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(level);
        root.addAppender(appender);
        for (String name : QUIET) {
            context.getLogger(name).setLevel(level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN);
        }
    }
}
