// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A log event as one line of JSON: {@code time}, {@code level}, {@code logger}, {@code message}, then the event's own keys. Of
 * a throwable only the classes and frames are told, never the messages: those quote what was read, and that may be a secret.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {

    private static final JsonMapper JSON = new JsonMapper();
    private static final byte[] NOTHING = {};

    /** Frames of one throwable. */
    private static final int FRAMES = 40;

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("time", event.getInstant().toString());
        line.put("level", event.getLevel().toString());
        line.put("logger", event.getLoggerName());
        line.put("message", event.getFormattedMessage());
        for (var pair : Optional.ofNullable(event.getKeyValuePairs()).orElse(List.of())) {
            line.putIfAbsent(pair.key, plain(pair.value));
        }
        if (event.getThrowableProxy() != null) {
            line.putIfAbsent("error", frames(event.getThrowableProxy()));
        }
        return (JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Numbers, truth values and lists as such, all else as text. */
    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(String::valueOf).toList();
        }
        return value == null || value instanceof Number || value instanceof Boolean ? value : value.toString();
    }

    private static List<String> frames(IThrowableProxy throwable) {
        var frames = new ArrayList<String>();
        for (var each = throwable; each != null && !each.isCyclic(); each = each.getCause()) {
            frames.add((frames.isEmpty() ? "" : "caused by ") + each.getClassName());
            var all = each.getStackTraceElementProxyArray();
            for (var frame = 0; frame < Math.min(FRAMES, all.length); frame++) {
                frames.add(all[frame].getSTEAsString());
            }
        }
        return frames;
    }
}
