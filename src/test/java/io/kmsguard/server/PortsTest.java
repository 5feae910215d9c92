// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PortsTest {

    @Test
    void no_port_is_given_twice_or_is_one_the_system_gives_away() {
        assertThat(IntStream.range(0, 500).map(each -> Ports.free()))
                .doesNotHaveDuplicates()
                .allMatch(port -> port >= Ports.FIRST && port < Ports.END);
    }

    @Test
    void a_port_that_is_listened_on_is_not_free() throws IOException {
        var port = Ports.free();
        try (var taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(Ports.isFree(taken.getLocalPort())).isFalse();
        }
        assertThat(Ports.isFree(port)).isTrue();
    }
}
