// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChartValuesTest {

    private static final String TOP = "cometBFT.externalGovernanceKey";
    private static final String CURRENT = "synchronizers.current.cometBFT.externalGovernanceKey";

    private static String flag(String version, String node) {
        return ChartValues.governanceKey(SpliceVersion.parse(version), node);
    }

    @Test
    void the_flag_moved_with_0_6() {
        assertThat(flag("0.4.2", "current")).isEqualTo(TOP);
        assertThat(flag("0.5.18", "current")).isEqualTo(TOP);
        assertThat(flag("0.6.0-snapshot.20260101.1.0.vabc", "current")).isEqualTo(CURRENT);
        assertThat(flag("0.7.3", "successor")).isEqualTo("synchronizers.successor.cometBFT.externalGovernanceKey");
        assertThat(flag("0.7.3", "additional-legacy.1"))
                .isEqualTo("synchronizers.additionalLegacy[1].cometBFT.externalGovernanceKey");
    }

    @Test
    void the_newest_is_named_where_the_release_cannot_be_told() {
        assertThat(flag("main", "current")).isEqualTo(CURRENT);
        assertThat(ChartValues.chart("splice-sv-node", Optional.empty())).isEqualTo("splice-sv-node");
        assertThat(ChartValues.chart("splice-sv-node", SpliceVersion.parse("0.7.3")))
                .isEqualTo("splice-sv-node 0.7.3");
    }

    @Test
    void one_flag_is_named_once() {
        var nodes = List.of("current", "successor");
        assertThat(ChartValues.governanceKeys(SpliceVersion.parse("0.5.18"), nodes))
                .isEqualTo(TOP + ": true");
        assertThat(ChartValues.governanceKeys(SpliceVersion.parse("0.7.3"), nodes))
                .isEqualTo(CURRENT + ": true and synchronizers.successor.cometBFT.externalGovernanceKey: true");
    }
}
