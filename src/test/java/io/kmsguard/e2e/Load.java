// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Several threads that ask the API server again and again, each time by a server-side apply in dry run, and look at each answer: what an upgrade would have met
 * at that moment. As an account of the cluster's administrators, over connections that are kept.
 */
final class Load implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final String ACCOUNT = "load";

    /** Of a caller between two questions, so that those who answer have the machine to themselves for the most part. */
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** Of failures that are told; one of a kind says as much as a thousand. */
    private static final int TOLD = 10;

    /**
     * What is asked.
     *
     * @param object the Deployment's name
     * @param yaml the whole Deployment
     * @param right what may be answered; the first one that it is counts
     */
    record Question(String name, String namespace, String object, String yaml, List<Outcome> right) {
        Question(String name, String namespace, String object, String yaml, Outcome... right) {
            this(name, namespace, object, yaml, List.of(right));
        }
    }

    /**
     * A kind of answer.
     *
     * @param status of HTTP
     * @param text what the message, or the warnings where there is none, must have in them; empty where there must be neither
     */
    record Outcome(String name, int status, String text) {
        boolean is(int answered, String said) {
            return status == answered && (text.isEmpty() ? said.isEmpty() : said.contains(text));
        }
    }

    /**
     * An answer.
     *
     * @param outcome its name; empty where it is none of the right ones
     * @param asked when, by the nanoseconds of this process; so is {@code answered}
     */
    record Given(String question, String outcome, long asked, long answered, String said) {}

    private final ControlPlane plane;
    private final HttpClient client;
    private final String token;
    private final Queue<Given> given = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads;
    private final List<Question> questions;
    private volatile boolean stopped;

    private Load(ControlPlane plane, int callers, List<Question> questions) throws IOException {
        this.plane = plane;
        this.questions = questions;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(Trust.of(plane.authority()))
                .build();
        this.token = account(plane);
        this.threads = Executors.newFixedThreadPool(callers);
        for (var caller = 0; caller < callers; caller++) {
            var first = caller;
            threads.execute(() -> ask(first));
        }
    }

    /** Begins, and goes on until it is closed. */
    static Load start(ControlPlane plane, int callers, Question... questions) throws IOException {
        return new Load(plane, callers, List.of(questions));
    }

    private static String account(ControlPlane plane) throws IOException {
        plane.kubectl("-n", "default", "create", "serviceaccount", ACCOUNT);
        plane.kubectl(
                "create",
                "clusterrolebinding",
                ACCOUNT,
                "--clusterrole=cluster-admin",
                "--serviceaccount=default:load");
        return plane.kubectl("-n", "default", "create", "token", ACCOUNT)
                .mustSucceed()
                .strip();
    }

    private void ask(int first) {
        for (var turn = first; !stopped; turn++) {
            var question = questions.get(turn % questions.size());
            var asked = System.nanoTime();
            var answer = answer(question);
            given.add(new Given(question.name(), answer.outcome(), asked, System.nanoTime(), answer.said()));
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private record Answer(String outcome, String said) {}

    private Answer answer(Question question) {
        var uri = URI.create("%s/apis/apps/v1/namespaces/%s/deployments/%s?dryRun=All&force=true&fieldManager=load"
                .formatted(plane.url(), question.namespace(), question.object()));
        var request = HttpRequest.newBuilder(uri)
                .timeout(LONGEST)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/apply-patch+yaml")
                .method("PATCH", BodyPublishers.ofString(question.yaml()))
                .build();
        try {
            var response = client.send(request, BodyHandlers.ofString());
            var said = said(response.body(), response.headers().allValues("Warning"));
            var outcome = question.right().stream()
                    .filter(right -> right.is(response.statusCode(), said))
                    .findFirst();
            return new Answer(outcome.map(Outcome::name).orElse(""), response.statusCode() + " " + said);
        } catch (IOException noAnswer) {
            return new Answer("", NO_ANSWER + noAnswer);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return new Answer("", NO_ANSWER + stop);
        }
    }

    /** How an answer begins that did not come: the API server itself could not be asked. */
    static final String NO_ANSWER = "no answer: ";

    private static String said(String body, List<String> warnings) {
        try {
            var message = JSON.readTree(body).path("message").asString("");
            return message.isEmpty() ? String.join("\n", warnings) : message;
        } catch (JacksonException noJson) {
            return body;
        }
    }

    /** All answers so far. */
    List<Given> given() {
        return List.copyOf(given);
    }

    /** The answers to what was asked from now on are to be as many, to each question. */
    void awaitEach(int more) {
        awaitEach(more, "");
    }

    /** The same, with that outcome and no other one among the last of them. */
    void awaitEach(int more, String outcome) {
        for (var question : questions) {
            await(question.name(), more, outcome);
        }
    }

    /** The last answers to that question are to be of that outcome, as many, and asked from now on; any outcome where it is empty. */
    void await(String question, int more, String outcome) {
        var from = System.nanoTime();
        Await.until(
                () -> {
                    var since = since(from)
                            .filter(each -> each.question().equals(question))
                            .toList();
                    var last = since.subList(Math.max(0, since.size() - more), since.size());
                    return last.size() == more
                            && (outcome.isEmpty()
                                    || last.stream()
                                            .allMatch(each -> each.outcome().equals(outcome)));
                },
                () -> more + " answers to " + question + " " + outcome + "; " + summary());
    }

    /** The answers to what was asked after that moment of {@link System#nanoTime}. */
    Stream<Given> since(long moment) {
        return given.stream().filter(each -> each.asked() - moment > 0);
    }

    /** What was answered and is none of the right answers; some of them, and how many. */
    List<String> failures() {
        var wrong = given.stream().filter(each -> each.outcome().isEmpty()).toList();
        return wrong.size() <= TOLD
                ? wrong.stream().map(Load::line).toList()
                : Stream.concat(wrong.stream().limit(TOLD).map(Load::line), Stream.of(wrong.size() + " in all"))
                        .toList();
    }

    private static String line(Given answer) {
        return answer.question() + ": " + answer.said();
    }

    /** How often each question had which outcome. */
    String summary() {
        return given.stream()
                .collect(Collectors.groupingBy(
                        each -> each.question() + " "
                                + Optional.of(each.outcome())
                                        .filter(name -> !name.isEmpty())
                                        .orElse("WRONG"),
                        TreeMap::new,
                        Collectors.counting()))
                .toString();
    }

    @Override
    public void close() {
        stop();
    }

    /** Asks no more, and waits for what is under way. */
    void stop() {
        stopped = true;
        threads.shutdown();
        try {
            if (!threads.awaitTermination(LONGEST.toSeconds() + 5, TimeUnit.SECONDS)) {
                throw new AssertionError("an answer that does not end");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
