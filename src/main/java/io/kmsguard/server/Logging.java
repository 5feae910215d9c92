// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Map;
import org.slf4j.Logger;

/**
 * JSON lines to standard error: standard output belongs to what a command prints. In Java, since to read the same out of XML takes
 * as long as to open both ports. A file that {@code -Dlogback.configurationFile} names takes its place.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class Logging extends ContextAwareBase implements Configurator {

    private static final Map<String, Level> LEVELS = Map.of(
            Logger.ROOT_LOGGER_NAME,
            Level.WARN,
            "io.kmsguard",
            Level.INFO,
            // Javalin and Jetty tell their life at INFO, which the server's own lines tell already.
            "io.javalin",
            Level.ERROR,
            "org.eclipse.jetty",
            Level.WARN,
            // The HTTP client logs headers and bodies at DEBUG, those of Secrets too.
            "io.fabric8",
            Level.WARN);

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        var lines = new JsonLines();
        lines.setContext(context);
        lines.start();
        var console = new ConsoleAppender<ILoggingEvent>();
        console.setContext(context);
        console.setName("stderr");
        console.setTarget("System.err");
        console.setEncoder(lines);
        console.start();
        LEVELS.forEach((logger, level) -> context.getLogger(logger).setLevel(level));
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(console);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
