// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChartValuesTest {

    private static final String TOP = "cometBFT.externalGovernanceKey";
    private static final String CURRENT = "synchronizers.current.cometBFT.externalGovernanceKey";

    private static String flag(String version, String... nodes) {
        return ChartValues.governanceKeys(SpliceVersion.parse(version), List.of(nodes));
    }

    @Test
    void the_flag_moved_with_0_6() {
        assertThat(flag("0.4.2", "current")).isEqualTo(TOP + ": true in the values of splice-sv-node 0.4.2");
        assertThat(flag("0.5.18", "current")).isEqualTo(TOP + ": true in the values of splice-sv-node 0.5.18");
        assertThat(flag("0.6.0-snapshot.20260101.1.0.vabc", "current"))
                .isEqualTo(CURRENT + ": true in the values of splice-sv-node 0.6.0-snapshot");
        assertThat(flag("0.7.3", "successor"))
                .isEqualTo("synchronizers.successor.cometBFT.externalGovernanceKey: true in the values of"
                        + " splice-sv-node 0.7.3");
    }

    @Test
    void an_additional_legacy_node_has_a_key_of_its_own_since_0_6_5() {
        var key =
                "synchronizers.additionalLegacy[1].cometBFT.externalGovernanceKey: true in the values of splice-sv-node ";
        assertThat(flag("0.7.3", "additional-legacy.1")).isEqualTo(key + "0.7.3");
        assertThat(flag("0.6.4", "additional-legacy.1")).isEqualTo(key + "0.6.5 or later");
    }

    @Test
    void the_newest_is_named_where_the_release_cannot_be_told() {
        assertThat(flag("main", "current")).isEqualTo(CURRENT + ": true in the values of splice-sv-node");
        assertThat(ChartValues.chart("splice-sv-node", Optional.empty())).isEqualTo("splice-sv-node");
        assertThat(ChartValues.chart("splice-sv-node", SpliceVersion.parse("0.7.3")))
                .isEqualTo("splice-sv-node 0.7.3");
    }

    @Test
    void one_flag_is_named_once() {
        assertThat(flag("0.5.18", "current", "successor"))
                .isEqualTo(TOP + ": true in the values of splice-sv-node 0.5.18");
        assertThat(flag("0.7.3", "current", "successor"))
                .isEqualTo(CURRENT + ": true and synchronizers.successor.cometBFT.externalGovernanceKey: true in the"
                        + " values of splice-sv-node 0.7.3");
    }
}
