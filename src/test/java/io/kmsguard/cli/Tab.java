// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A tab of a browser, driven by the DevTools protocol (https://chromedevtools.github.io/devtools-protocol/). */
final class Tab implements AutoCloseable {

    /** A condition that does not come, or an answer, is given up after this. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final JsonMapper JSON = new JsonMapper();

    /** Something that the browser told without being asked. */
    record Event(String method, JsonNode params) {}

    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonNode>> answers;
    private final List<Event> events;
    private final AtomicInteger ids = new AtomicInteger();
    private @Nullable String session;

    private Tab(WebSocket socket, Map<Integer, CompletableFuture<JsonNode>> answers, List<Event> events) {
        this.socket = socket;
        this.answers = answers;
        this.events = events;
    }

    static Tab open(URI browser) {
        var answers = new ConcurrentHashMap<Integer, CompletableFuture<JsonNode>>();
        var events = new CopyOnWriteArrayList<Event>();
        var socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(browser, new Messages(answers, events))
                .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
        var tab = new Tab(socket, answers, events);
        var target = tab.send("Target.createTarget", Map.of("url", "about:blank"))
                .path("targetId")
                .asString();
        tab.session = tab.send("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .path("sessionId")
                .asString();
        for (var domain : List.of("Page", "Runtime", "Log", "Network", "DOM")) {
            tab.send(domain + ".enable", Map.of());
        }
        return tab;
    }

    /** Puts the messages of the socket where they are waited for. */
    private static final class Messages implements WebSocket.Listener {
        private final Map<Integer, CompletableFuture<JsonNode>> answers;
        private final List<Event> events;
        private final StringBuilder text = new StringBuilder();

        Messages(Map<Integer, CompletableFuture<JsonNode>> answers, List<Event> events) {
            this.answers = answers;
            this.events = events;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                var message = JSON.readTree(text.toString());
                text.setLength(0);
                if (message.has("id")) {
                    Objects.requireNonNull(answers.remove(message.path("id").asInt()))
                            .complete(message);
                } else {
                    synchronized (events) {
                        events.add(new Event(message.path("method").asString(), message.path("params")));
                        events.notifyAll();
                    }
                }
            }
            socket.request(1);
            return null;
        }
    }

    /** Asks the browser for something, and waits for its answer. */
    JsonNode send(String method, Map<String, ?> params) {
        var id = ids.incrementAndGet();
        var message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", JSON.valueToTree(params));
        if (session != null) {
            message.put("sessionId", session);
        }
        var answer = new CompletableFuture<JsonNode>();
        answers.put(id, answer);
        socket.sendText(message.toString(), true).join();
        var said = answer.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
        if (said.has("error")) {
            throw new IllegalStateException(method + ": " + said.path("error"));
        }
        return said.path("result");
    }

    /** Opens a page, and waits until it is loaded. */
    void go(URI page) {
        var loads = count("Page.loadEventFired");
        send("Page.navigate", Map.of("url", page.toString()));
        awaitMore("Page.loadEventFired", loads);
    }

    private void awaitMore(String method, long known) {
        var end = System.nanoTime() + LIMIT.toNanos();
        synchronized (events) {
            while (count(method) <= known) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("not within " + LIMIT + ": " + method);
                }
                try {
                    events.wait(LIMIT.toMillis());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private long count(String method) {
        return events(event -> event.method().equals(method)).size();
    }

    /** What it told so far. */
    List<Event> events(Predicate<Event> which) {
        return events.stream().filter(which).toList();
    }

    /** The value of an expression in the page, which may be a promise. */
    JsonNode evaluate(String expression) {
        var result =
                send("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (result.has("exceptionDetails")) {
            throw new IllegalStateException(result.path("exceptionDetails").toString());
        }
        return result.path("result").path("value");
    }

    String text(String expression) {
        return evaluate(expression).asString();
    }

    /** Waits until an expression in the page is true. */
    void awaitTrue(String expression) {
        var seen = evaluate("new Promise((done) => { const end = performance.now() + " + LIMIT.toMillis() / 2
                + "; const look = () => (" + expression + ") ? done(true)"
                + " : performance.now() > end ? done(false) : setTimeout(look, 20); look(); })");
        if (!seen.asBoolean()) {
            throw new AssertionError("did not come true: " + expression);
        }
    }

    /** Presses and releases a key that types nothing, such as {@code Tab} or {@code Escape}. */
    void press(String key, int code) {
        for (var type : List.of("rawKeyDown", "keyUp")) {
            send(
                    "Input.dispatchKeyEvent",
                    Map.of("type", type, "key", key, "code", key, "windowsVirtualKeyCode", code));
        }
    }

    /** Types text where the focus is. */
    void type(String text) {
        send("Input.insertText", Map.of("text", text));
    }

    /** Clicks in the middle of the first element that a selector finds. */
    void click(String selector) {
        // What comes into sight is laid out only then, and moves what is below it.
        var box = evaluate("(async () => { const e = document.querySelector(" + JSON.writeValueAsString(selector)
                + "); for (let i = 0; i < 3; i++) { e.scrollIntoView({block: 'center'});"
                + " await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))); }"
                + " const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })()");
        for (var type : List.of("mousePressed", "mouseReleased")) {
            send(
                    "Input.dispatchMouseEvent",
                    Map.of(
                            "type",
                            type,
                            "x",
                            box.get(0).asDouble(),
                            "y",
                            box.get(1).asDouble(),
                            "button",
                            "left",
                            "clickCount",
                            1));
        }
    }

    /** Sets the width and height of the page, and whether it is dark or light. */
    void look(int width, int height, String scheme) {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        send(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** What is seen, as a PNG. */
    byte[] screenshot() {
        return Base64.getDecoder()
                .decode(send("Page.captureScreenshot", Map.of("format", "png"))
                        .path("data")
                        .asString());
    }

    /** The page as it is printed, as a PDF. */
    byte[] print() {
        return Base64.getDecoder()
                .decode(send("Page.printToPDF", Map.of("printBackground", true, "preferCSSPageSize", true))
                        .path("data")
                        .asString());
    }

    @Override
    public void close() {
        send("Page.close", Map.of());
        socket.abort();
    }
}
