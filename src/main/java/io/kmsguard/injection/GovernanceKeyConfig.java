// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.injection;

import io.kmsguard.policy.KmsState;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.AdditionalConfig;
import io.kmsguard.splice.CometBftNode;
import io.kmsguard.splice.CometBftNode.KeySource;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.EnvValue;
import io.kmsguard.splice.EnvVar;
import io.kmsguard.splice.KeyDefect;
import io.kmsguard.splice.KeyPair;
import io.kmsguard.splice.KeyText;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.Workload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The whole governance key of an SV app on a KMS participant that has CometBFT nodes without one: the configuration that
 * the flag of the splice-sv-node chart renders, and both env vars that it reads. Only where the Secret is there and holds a
 * key pair; an SV app on any other participant makes its key itself.
 */
final class GovernanceKeyConfig implements Injection {

    /** As the chart names it. The order of such names decides which text wins; this one only adds. */
    static final String CONFIG = AdditionalConfig.PREFIX + "_SV_COMETBFT_GOVERNANCE_KEY";

    private static final String REFRAIN = "no governance key injected: ";

    @Override
    public String id() {
        return "governance-key-config";
    }

    @Override
    public boolean onRequest() {
        return true;
    }

    @Override
    public Proposal propose(Subject subject, Container container) {
        if (!container.is(Role.SV_APP)) {
            return Proposal.NONE;
        }
        var keyless = container.cometBftNodes().stream()
                .filter(node -> node.enabled() && isMissing(node.publicKey()) && isMissing(node.privateKey()))
                .sorted(Comparator.comparing(CometBftNode::app).thenComparing(CometBftNode::name))
                .toList();
        if (keyless.isEmpty() && container.config().isJudged()) {
            return Proposal.NONE;
        }
        var participant = subject.participantOf(container);
        if (participant instanceof Lookup.Unknown<Workload> unknown) {
            return refrain("whether its participant is on a KMS could not be told (" + unknown.why() + ")");
        }
        var kms = participant.toOptional().map(KmsState::of);
        if (kms.filter(state -> state.isKms() || state.hidden().isPresent()).isEmpty()) {
            return Proposal.NONE;
        }
        return kms.filter(KmsState::isKms).isEmpty()
                ? refrain("whether its participant is on a KMS could not be told ("
                        + kms.flatMap(KmsState::hidden).orElse("") + ")")
                : obstacle(subject, container)
                        .map(GovernanceKeyConfig::refrain)
                        .orElseGet(() -> completed(subject, container, keyless));
    }

    private static boolean isMissing(KeySource source) {
        return source instanceof KeySource.Missing;
    }

    private static Proposal refrain(String why) {
        return Proposal.refrain(REFRAIN + why);
    }

    /** What stands in the way, if anything does. */
    private static Optional<String> obstacle(Subject subject, Container container) {
        var config = container.config();
        if (config.problem().isPresent()) {
            return Optional.of("Canton cannot read the configuration of container " + container.name());
        }
        if (!config.unseen().isEmpty()) {
            return Optional.of("container " + container.name() + " takes " + String.join(", ", config.unseen())
                    + ", which could not be read");
        }
        if (subject.workload().orElseThrow().version().isEmpty()) {
            return Optional.of("the release of Splice, on which the form of the configuration depends, cannot be told"
                    + " from image and labels");
        }
        return container
                .env(CONFIG)
                .map(variable ->
                        "container " + container.name() + " has env " + CONFIG + " of its own, with other content")
                .or(() -> foreign(subject, container))
                .or(() -> secret(subject));
    }

    /** An env var of the chart's name that does not hold what it would be given. */
    private static Optional<String> foreign(Subject subject, Container container) {
        for (var half : halves(subject).entrySet()) {
            var variable = container.env(half.getKey());
            if (variable.isPresent() && !isFrom(subject, variable.get().value(), half.getValue())) {
                return Optional.of("container " + container.name() + " has env " + half.getKey()
                        + " of its own, not from key " + half.getValue() + " of Secret "
                        + subject.names().governance());
            }
        }
        return Optional.empty();
    }

    private static boolean isFrom(Subject subject, EnvValue value, String key) {
        return value instanceof EnvValue.SecretKey ref
                && ref.secret().equals(subject.names().governance())
                && ref.key().equals(key);
    }

    private static Map<String, String> halves(Subject subject) {
        var names = subject.names();
        return new TreeMap<>(Map.of(
                CometBftNode.PUBLIC_KEY_ENV, names.publicKey(), CometBftNode.PRIVATE_KEY_ENV, names.privateKey()));
    }

    /** Why the Secret is of no use. */
    private static Optional<String> secret(Subject subject) {
        var names = subject.names();
        var ref = new ObjectRef("Secret", subject.ref().namespace(), names.governance());
        var found = subject.facts().secret(ref);
        if (found instanceof Lookup.Unknown<Map<String, KeyText>> unknown) {
            return Optional.of("whether " + ref + " holds it could not be told (" + unknown.why() + ")");
        }
        var keys = found.toOptional();
        if (keys.isEmpty()) {
            return Optional.of(ref + " is not there");
        }
        for (var key : List.of(names.publicKey(), names.privateKey())) {
            if (!keys.get().containsKey(key)) {
                return Optional.of(ref + " has no key " + key);
            }
        }
        return KeyPair.diagnose(
                        Optional.ofNullable(keys.get().get(names.publicKey())),
                        Optional.ofNullable(keys.get().get(names.privateKey())))
                .stream()
                .findFirst()
                .map(defect -> ref + " holds no key pair: key "
                        + (defect.half() == KeyDefect.Half.PUBLIC ? names.publicKey() : names.privateKey()) + " "
                        + defect.text());
    }

    private static Proposal completed(Subject subject, Container container, List<CometBftNode> keyless) {
        var text = GovernanceKeyText.of(subject.workload().orElseThrow().version(), keyless);
        var additions = new ArrayList<Addition>();
        var added = new ArrayList<EnvVar>();
        additions.add(Addition.Env.value(container.path(), CONFIG, text));
        added.add(new EnvVar(CONFIG, new EnvValue.Literal(text), ""));
        halves(subject).forEach((env, key) -> {
            if (container.env(env).isEmpty()) {
                var secret = subject.names().governance();
                additions.add(Addition.Env.fromSecret(container.path(), env, secret, key));
                added.add(new EnvVar(env, new EnvValue.SecretKey(secret, key, false), ""));
            }
        });
        var after = container.with(added, subject.workload().orElseThrow().version());
        if (!isWhole(container, after)) {
            return refrain("one more env does not give it to every CometBFT node of container " + container.name()
                    + " (" + String.join(", ", names(keyless)) + ") without changing another");
        }
        return new Proposal(
                additions,
                List.of("injected the governance key from Secret "
                        + subject.names().governance() + " with its configuration; "
                        + GovernanceKeyEnv.unnecessary(subject, names(keyless))));
    }

    /** The text may not reach every node, and may replace one: HOCON does not merge a list and a block. */
    private static boolean isWhole(Container before, Container after) {
        return after.config().problem().isEmpty()
                && switches(after).equals(switches(before))
                && after.cometBftNodes().stream().allMatch(node -> !node.enabled() || node.hasKey());
    }

    private static Set<String> switches(Container container) {
        return container.cometBftNodes().stream()
                .map(node -> node.app() + "/" + node.name() + "/" + node.enabled())
                .collect(Collectors.toSet());
    }

    private static List<String> names(List<CometBftNode> nodes) {
        return nodes.stream().map(CometBftNode::name).toList();
    }
}
