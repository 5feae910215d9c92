// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Callers that send a little and then nothing: whoever sends a whole review is answered meanwhile. */
class SlowCallersTest {

    private static final int MANY = 40;
    private static final String LONGEST = "/validate?timeout=30s";

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var each : open) {
            each.close();
        }
    }

    private static RunningServer server() throws CannotStart {
        return RunningServer.start(settings -> settings.threads(8).concurrentReviews(4), new FakeReviews());
    }

    private RawConnection connect(RunningServer server) throws Exception {
        var connection = new RawConnection(server.server.port(), server.trust());
        open.add(connection);
        return connection;
    }

    private static void assertAnswers(RunningServer server) throws Exception {
        for (var review = 0; review < 20; review++) {
            assertThat(server.post("/validate", FakeReviews.review("a" + review))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void a_body_on_its_way_holds_neither_a_thread_nor_a_turn() throws Exception {
        try (var server = server()) {
            server.awaitReady();
            var review = FakeReviews.review("slow");
            var slow = new ArrayList<RawConnection>();
            for (var sender = 0; sender < MANY; sender++) {
                slow.add(connect(server).promise(LONGEST, review.length).say(new byte[] {review[0]}));
            }

            assertAnswers(server);

            for (var sender : slow) {
                sender.say(Arrays.copyOfRange(review, 1, review.length));
            }
            for (var sender : slow) {
                assertThat(sender.hear().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void neither_does_a_body_that_nobody_wants() throws Exception {
        try (var server = server()) {
            server.awaitReady();
            for (var sender = 0; sender < MANY; sender++) {
                var connection = connect(server)
                        .say("POST /validate HTTP/1.1\r\nHost: guard\r\nContent-Type: text/plain\r\n"
                                + "Content-Length: 500\r\n\r\n{");
                assertThat(connection.hear().status()).isEqualTo(415);
            }

            assertAnswers(server);
        }
    }

    @Test
    void a_caller_with_more_than_its_share_loses_the_body_that_came_first() throws Exception {
        try (var server = server()) {
            server.awaitReady();
            var first = connect(server).promise(LONGEST, 500).say("{");
            assertAnswers(server);
            for (var sender = 0; sender < BodyRoom.OF_ONE_CALLER; sender++) {
                connect(server).promise(LONGEST, 500).say("{");
            }

            var answer = first.hear();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.body()).isEqualTo("The body arrived so slowly that others took its room. Try again.\n");
            assertAnswers(server);
        }
    }

    /** A handshake that does not end, too. */
    @Test
    void a_connection_that_says_nothing_is_ended() throws Exception {
        try (var server = server()) {
            server.awaitReady();
            var silent = new ArrayList<Socket>();
            for (var caller = 0; caller < MANY; caller++) {
                var socket = new Socket(InetAddress.getLoopbackAddress(), server.server.port());
                open.add(socket);
                silent.add(socket);
            }

            assertAnswers(server);

            for (var socket : silent) {
                socket.setSoTimeout(60_000);
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
        }
    }
}
