// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KmsDriversTest {

    private static final KmsDrivers DRIVERS =
            new KmsDrivers(Map.of("hsm", List.of("endpoint", "pkcs11", "slto"), "other", List.of("zone")));

    private static KmsConfig.Driver driver(String name, Map<String, String> settings) {
        return new KmsConfig.Driver(name, Optional.of(settings));
    }

    @Test
    void only_the_named_settings_decide() {
        var was = driver("hsm", Map.of("endpoint", "a", "pkcs11.slot", "1", "pkcs11x", "1", "timeout", "1"));

        assertThat(driver("hsm", Map.of("endpoint", "a", "pkcs11.slot", "1", "pkcs11x", "2", "level", "9"))
                        .differences(was, DRIVERS))
                .isEmpty();
        assertThat(driver("hsm", Map.of("pkcs11.slot", "2", "timeout", "2")).differences(was, DRIVERS))
                .containsExactly("endpoint", "pkcs11.slot");
    }

    @Test
    void every_setting_of_a_driver_that_is_not_named_decides() {
        var was = driver("third", Map.of("endpoint", "a", "timeout", "1"));

        assertThat(driver("third", Map.of("endpoint", "a", "timeout", "2")).differences(was, DRIVERS))
                .containsExactly("timeout");
    }

    @Test
    void another_name_is_another_driver_whatever_is_said_of_its_settings() {
        assertThat(driver("other", Map.of("zone", "a")).hasTheKeysOf(driver("hsm", Map.of("zone", "a")), DRIVERS))
                .isFalse();
    }

    @Test
    void tells_which_named_settings_are_not_there_and_which_could_be_named() {
        var driver = driver("hsm", Map.of("endpoint", "a", "pkcs11.slot", "1"));

        assertThat(DRIVERS.absent(driver)).containsExactly("slto");
        assertThat(DRIVERS.absent(driver("third", Map.of()))).isEmpty();
        assertThat(DRIVERS.absent(new KmsConfig.Driver("hsm"))).isEmpty();
        assertThat(KmsDrivers.names(driver)).containsExactly("endpoint", "pkcs11", "pkcs11.slot");
    }
}
