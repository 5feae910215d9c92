// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.admission.FleetRow.Flag;
import io.kmsguard.admission.FleetRow.GovernanceKey;
import io.kmsguard.policy.GovernanceKeys;
import io.kmsguard.policy.GovernanceRefs;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.splice.CometBftNode;
import io.kmsguard.splice.CometBftNode.KeySource;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.KeyPair;
import io.kmsguard.splice.KeyText;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Workload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The governance key of one SV app, as far as a row of the fleet goes. */
final class FleetKey {

    private final Container container;
    private final SecretNames names;
    private final String namespace;
    private final List<CometBftNode> nodes;

    /** The Secrets that it reads; where it reads none, the one that it would be told to make. */
    private final Map<ObjectRef, Lookup<Map<String, KeyText>>> secrets = new LinkedHashMap<>();

    private final List<GovernanceRefs.Ref> refs;

    FleetKey(Workload svApp, Container container, SecretNames names, LookupSession world) {
        this.container = container;
        this.names = names;
        this.namespace = svApp.ref().namespace();
        this.nodes =
                container.cometBftNodes().stream().filter(CometBftNode::enabled).toList();
        this.refs = GovernanceRefs.of(container);
        refs.forEach(ref -> look(ref.secret(), world));
        if (refs.isEmpty()) {
            look(names.governance(), world);
        }
    }

    private void look(String name, LookupSession world) {
        secrets.computeIfAbsent(secret(name), world::secret);
    }

    private ObjectRef secret(String name) {
        return new ObjectRef("Secret", namespace, name);
    }

    /** The Secrets with which it stands or falls. */
    Set<ObjectRef> secrets() {
        return secrets.keySet();
    }

    /**
     * What its configuration says.
     *
     * @param needed whether its participant is on a KMS, or may be
     */
    Flag flag(boolean needed) {
        var unseen = !container.config().unseen().isEmpty();
        if (!container.config().isJudged() || (nodes.isEmpty() && unseen)) {
            return Flag.UNKNOWN;
        }
        if (nodes.isEmpty()) {
            return Flag.NOT_NEEDED;
        }
        var lacking = nodes.stream().filter(node -> !node.hasKey()).toList();
        if (lacking.isEmpty()) {
            return Flag.SET;
        }
        if (!needed) {
            return Flag.NOT_NEEDED;
        }
        return unseen && lacking.stream().allMatch(FleetKey::hasUnsetEnv) ? Flag.UNKNOWN : Flag.MISSING;
    }

    private static boolean hasUnsetEnv(CometBftNode node) {
        return node.publicKey() instanceof KeySource.UnsetEnv || node.privateKey() instanceof KeySource.UnsetEnv;
    }

    /**
     * What becomes of the pair.
     *
     * @param needed whether its participant is on a KMS, or may be
     */
    GovernanceKey state(boolean needed) {
        if (refs.isEmpty() && (nodes.isEmpty() || !needed)) {
            return GovernanceKey.NOT_NEEDED;
        }
        if (isFilledInLater()) {
            return GovernanceKey.UNKNOWN;
        }
        if (refs.isEmpty() && nodes.stream().allMatch(CometBftNode::hasKey)) {
            return state(ofContainer());
        }
        if (secrets.values().stream().anyMatch(Lookup.Unknown.class::isInstance)) {
            return GovernanceKey.UNKNOWN;
        }
        if (secrets.values().stream().anyMatch(Lookup.Absent.class::isInstance)) {
            return GovernanceKey.ABSENT;
        }
        if (refs.isEmpty()) {
            return state(secrets.keySet().stream()
                    .map(ref -> GovernanceKeys.of(
                            new GovernanceSecret(ref, text(ref).orElse(Map.of()), false, Optional.empty()), names))
                    .toList());
        }
        var isWhole = refs.stream()
                .allMatch(ref -> text(secret(ref.secret())).orElse(Map.of()).containsKey(ref.key()));
        return isWhole ? state(ofContainer()) : GovernanceKey.INVALID;
    }

    /** Only the webhook of bank-vaults knows what comes in the place of such a reference. */
    private boolean isFilledInLater() {
        return GovernanceRefs.privateKeys(container).stream()
                .anyMatch(variable -> variable.value()
                        .text()
                        .filter(text -> text.startsWith("vault:"))
                        .isPresent());
    }

    private List<GovernanceKeys> ofContainer() {
        return GovernanceKeys.of(container, namespace, this::text).stream()
                .filter(keys ->
                        keys.publicKey().isPresent() || keys.privateKey().isPresent())
                .toList();
    }

    private static GovernanceKey state(List<GovernanceKeys> pairs) {
        return !pairs.isEmpty() && pairs.stream().allMatch(FleetKey::isUsable)
                ? GovernanceKey.VALID
                : GovernanceKey.INVALID;
    }

    private Optional<Map<String, KeyText>> text(ObjectRef secret) {
        return secrets.getOrDefault(secret, Lookup.absent()).toOptional();
    }

    private static boolean isUsable(GovernanceKeys keys) {
        return keys.publicKey().isPresent()
                && keys.privateKey().isPresent()
                && KeyPair.diagnose(keys.publicKey(), keys.privateKey()).isEmpty();
    }
}
