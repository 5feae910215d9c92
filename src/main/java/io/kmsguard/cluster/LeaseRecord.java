// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a Lease says. The chart's is empty at first, so everything may be missing.
 *
 * @param version the resourceVersion that was read
 * @param holder who leads; empty where nobody does
 * @param duration how long it leads after its last sign of life
 * @param acquired since when, as the Lease writes it; may be empty
 * @param transitions how often it changed hands
 */
record LeaseRecord(String version, String holder, Duration duration, String acquired, int transitions) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final DateTimeFormatter MICRO_TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    static LeaseRecord of(Lease lease, Duration otherwise) {
        var spec = Optional.ofNullable(lease.getSpec()).orElseGet(LeaseSpec::new);
        return new LeaseRecord(
                lease.getMetadata().getResourceVersion(),
                Optional.ofNullable(spec.getHolderIdentity()).orElse(""),
                Optional.ofNullable(spec.getLeaseDurationSeconds())
                        .map(Duration::ofSeconds)
                        .orElse(otherwise),
                Optional.ofNullable(spec.getAcquireTime())
                        .map(time -> MICRO_TIME.format(time.toInstant()))
                        .orElse(""),
                Optional.ofNullable(spec.getLeaseTransitions()).orElse(0));
    }

    /** The merge patch by which that one leads on, or from now on; void where the Lease changed since it was read. */
    String held(String identity, Duration lasting, Instant now) {
        var spec = JSON.createObjectNode();
        var renews = holder.equals(identity);
        spec.put("holderIdentity", identity);
        spec.put("leaseDurationSeconds", Math.max(1, lasting.toSeconds()));
        spec.put("renewTime", MICRO_TIME.format(now));
        if (!renews || acquired.isEmpty()) {
            spec.put("acquireTime", MICRO_TIME.format(now));
        }
        spec.put("leaseTransitions", transitions + (renews ? 0 : 1));
        return patch(spec);
    }

    /** The merge patch by which nobody leads. */
    String released(Instant now) {
        var spec = JSON.createObjectNode();
        spec.put("holderIdentity", "");
        spec.put("leaseDurationSeconds", 1);
        spec.put("renewTime", MICRO_TIME.format(now));
        return patch(spec);
    }

    private String patch(ObjectNode spec) {
        var patch = JSON.createObjectNode();
        patch.putObject("metadata").put("resourceVersion", version);
        patch.set("spec", spec);
        return patch.toString();
    }
}
