// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceAddressTest {

    @Test
    void a_bare_name_is_in_the_namespace_of_the_pod() {
        assertThat(ServiceAddress.service("participant", "sv")).contains(new ObjectRef("Service", "sv", "participant"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "participant.canton",
                "participant.canton.svc",
                "participant.canton.svc.cluster.local",
                "participant.canton.svc.cluster.local.",
                "participant.canton.svc.example.org",
                " Participant.CANTON.svc "
            })
    void every_spelling_names_the_same_service(String address) {
        assertThat(ServiceAddress.service(address, "sv")).contains(new ObjectRef("Service", "canton", "participant"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "10.0.0.1", "participant..sv", "participant.example.com", "-a", "a_b", "[::1]", "a:5002"
            })
    void anything_else_names_no_service(String address) {
        assertThat(ServiceAddress.service(address, "sv")).isEmpty();
    }
}
