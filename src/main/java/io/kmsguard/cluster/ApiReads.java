// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.kmsguard.admission.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * GET requests to one API server. What comes back is kept as the raw tree, since a typed model drops the fields that are
 * younger than it. A request ends with its deadline: what is still under way then is cancelled.
 */
final class ApiReads {

    private static final JsonMapper JSON = new JsonMapper();

    /** How long a stream may take to begin. */
    private static final Duration OPENING = Duration.ofSeconds(30);

    /** How often the caller of a stream is asked whether it goes on. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private static final String LATE = "the API server did not answer before the deadline of this review";

    private final HttpClient http;
    private final URI server;
    private final String whose;

    /**
     * @param server the API server's address; a path in it is kept
     * @param whose the credentials are, for messages
     */
    ApiReads(HttpClient http, URI server, String whose) {
        this.http = http;
        this.server = server;
        this.whose = whose;
    }

    /** By the connections of a client. */
    static ApiReads of(KubernetesClient client, String whose) {
        return new ApiReads(
                client.getHttpClient(), URI.create(client.getMasterUrl().toString()), whose);
    }

    /** What came of a request. */
    sealed interface Answer {
        /** 200 with JSON. */
        record Read(JsonNode body) implements Answer {}

        /** The API server says that it is not there. */
        record Absent() implements Answer {}

        /** The guard is not allowed to ask. */
        record Forbidden() implements Answer {}

        /** What the request goes on from is too old (410). */
        record Gone() implements Answer {}

        /**
         * Anything else.
         *
         * @param why a clause without anything of the answer's body
         */
        record Failed(String why) implements Answer {}
    }

    /** Takes one line of an answer that does not end; throwing ends the stream. */
    @FunctionalInterface
    interface Lines {
        void take(JsonNode line) throws IOException;
    }

    /** Asks for a path, for example {@code api/v1/namespaces/sv/secrets/key}; the caller has escaped it. */
    Answer get(String path, Deadline deadline) {
        return get(path, "identity", deadline, new ReceivedBody.Whole(JSON));
    }

    /**
     * Asks for a list; what is read is the list without its items, which are given out while they come, in this thread. Where the
     * answer breaks off, some were given out already. The API server packs a long list to a tenth: in a process that has just begun,
     * a byte costs most where TLS deciphers it.
     */
    Answer list(String path, Deadline deadline, ListItems items) {
        return get(path, "gzip", deadline, new ReceivedBody() {
            @Override
            public void take(ByteBuffer buffer) throws IOException {
                items.take(buffer);
            }

            @Override
            public JsonNode read() throws JacksonException {
                return items.rest(JSON);
            }
        });
    }

    private Answer get(String path, String encoding, Deadline deadline, ReceivedBody body) {
        var request = http.newHttpRequestBuilder()
                .uri(server.resolve(path))
                .header("Accept", "application/json")
                .header("Accept-Encoding", encoding)
                .timeout(Math.max(1, deadline.remaining().toMillis()), TimeUnit.MILLISECONDS)
                .build();
        var chunks = new ReceivedChunks();
        try {
            var response = await(http.consumeBytes(request, chunks::put), deadline);
            try {
                chunks.drain(response, body, deadline);
            } finally {
                response.body().cancel();
            }
            return answer(response, body);
        } catch (TimeoutException late) {
            return new Answer.Failed(LATE);
        } catch (InterruptedException | InterruptedIOException stopping) {
            Thread.currentThread().interrupt();
            return new Answer.Failed("the guard is being stopped");
        } catch (ExecutionException | CancellationException | IOException failure) {
            return new Answer.Failed(reason(failure));
        }
    }

    /**
     * Asks for a path whose answer is one JSON object a line and goes on: a watch. Returns when the stream has ended.
     *
     * @param opened called once the server has agreed, before the first line
     * @param lines called by one thread after another
     * @param goesOn asked now and then; false ends the stream
     * @return why it ended; empty where the server or the caller just ended it
     */
    Optional<Answer> stream(String path, Runnable opened, Lines lines, BooleanSupplier goesOn) {
        var request = http.newHttpRequestBuilder()
                .uri(server.resolve(path))
                .header("Accept", "application/json")
                .timeout(OPENING.toMillis(), TimeUnit.MILLISECONDS)
                .build();
        var received = new ReceivedLines(JSON, lines);
        try {
            var response = await(http.consumeBytes(request, received::take), Deadline.in(OPENING));
            try {
                if (response.code() != 200) {
                    return Optional.of(
                            response.code() == 403 ? new Answer.Forbidden() : new Answer.Failed(code(response.code())));
                }
                opened.run();
                response.body().consume();
                awaitEnd(response.body().done(), goesOn);
                return Optional.empty();
            } finally {
                response.body().cancel();
            }
        } catch (TimeoutException late) {
            return Optional.of(new Answer.Failed("the API server did not open the watch in time"));
        } catch (ExecutionException | CancellationException failure) {
            return Optional.of(new Answer.Failed(reason(failure)));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static void awaitEnd(Future<Void> done, BooleanSupplier goesOn)
            throws ExecutionException, InterruptedException {
        var open = true;
        while (open && goesOn.getAsBoolean()) {
            try {
                done.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                open = false;
            } catch (TimeoutException stillOpen) {
                open = true;
            }
        }
    }

    private static <T> T await(Future<T> future, Deadline deadline)
            throws ExecutionException, InterruptedException, TimeoutException {
        try {
            return future.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            future.cancel(true);
        }
    }

    private Answer answer(HttpResponse<AsyncBody> response, ReceivedBody received) {
        var code = response.code();
        if (code == 403) {
            return new Answer.Forbidden();
        }
        if (code == 410) {
            return new Answer.Gone();
        }
        if (code != 200 && code != 404) {
            return new Answer.Failed(code(code));
        }
        JsonNode body;
        try {
            body = received.read();
        } catch (JacksonException garbage) {
            // Its message quotes the text, which may be a Secret's.
            return new Answer.Failed(noJson(code));
        }
        if (code == 200) {
            return new Answer.Read(body);
        }
        // A proxy in between knows 404 too, and that must not pass for "it is not there".
        return body.path("kind").asString("").equals("Status")
                ? new Answer.Absent()
                : new Answer.Failed("what answered 404 at " + place() + " is no API server");
    }

    private String noJson(int code) {
        return "what answered " + code + " at " + place() + " sent no JSON";
    }

    private String code(int code) {
        return code == 401
                ? "the API server does not accept " + whose + " credentials (401)"
                : ApiTrouble.answered(code);
    }

    private String reason(Throwable failure) {
        if (isBecauseOf(UnresolvedAddressException.class, failure)) {
            return "the name of the API server at " + place() + " cannot be resolved";
        }
        if (isBecauseOf(HttpConnectTimeoutException.class, failure)) {
            return "no connection to the API server at " + place() + " came about in time";
        }
        if (isBecauseOf(HttpTimeoutException.class, failure) || isBecauseOf(TimeoutException.class, failure)) {
            return LATE;
        }
        if (isBecauseOf(SSLException.class, failure)) {
            return "the API server at " + place() + " cannot be trusted: the TLS handshake failed";
        }
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ReceivedBody.TooMuch tooMuch) {
                return "the API server's answer is longer than " + (tooMuch.most() >> 20) + " MiB";
            }
        }
        if (isBecauseOf(ReceivedBody.NoRoom.class, failure)) {
            return "the guard reads too many large objects at this moment; try again";
        }
        if (isBecauseOf(ReceivedBody.NoJson.class, failure)) {
            return noJson(200);
        }
        return isBecauseOf(ConnectException.class, failure)
                ? "the API server at " + place() + " refuses connections"
                : "the connection to the API server at " + place() + " broke";
    }

    private static boolean isBecauseOf(Class<? extends Throwable> type, Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    /** Without what an URL may hold of credentials. */
    private String place() {
        return server.getHost() + (server.getPort() < 0 ? "" : ":" + server.getPort());
    }

    /** Why there is no answer to go by, in a clause. */
    String why(Answer answer, String verb, String resource, String where) {
        if (answer instanceof Answer.Forbidden) {
            return whose + " account lacks the right to " + verb + " " + resource + " " + where + " (403)";
        }
        if (answer instanceof Answer.Gone) {
            return "the API server forgot where it was (410)";
        }
        return answer instanceof Answer.Failed failed ? failed.why() : "it is not there (404)";
    }
}
