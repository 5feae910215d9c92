// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kmsguard.admission.Deadline;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReadBudgetTest {

    private static final int LARGE = 1 << 20;

    private final ReadBudget budget = new ReadBudget(16 << 20);

    private static Deadline now() {
        return Deadline.in(Duration.ZERO);
    }

    @Test
    void large_objects_take_turns() throws Exception {
        var first = budget.room(LARGE, now());
        var second = budget.room(LARGE, now());

        assertThatThrownBy(() -> budget.room(LARGE, now())).isInstanceOf(ReceivedBody.NoRoom.class);
        second.close();
        budget.room(LARGE, now()).close();
        first.close();
    }

    @Test
    void small_ones_never_wait() throws Exception {
        var all = budget.room(8 << 20, now());

        assertThatCode(() -> budget.room(ReadBudget.LARGE - 1, now()).close()).doesNotThrowAnyException();
        assertThatThrownBy(() -> budget.room(ReadBudget.LARGE, now())).isInstanceOf(ReceivedBody.NoRoom.class);
        all.close();
    }

    @Test
    void one_that_is_larger_than_all_of_it_has_it_to_itself() throws Exception {
        budget.room(8 << 20, now()).close();
        budget.room(8 << 20, now()).close();
    }
}
