// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.GovernanceRefs;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.KeyDefect;
import io.kmsguard.splice.KeyPair;
import io.kmsguard.splice.KeyText;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A governance key Secret whose content is no key pair: each half is the base64 text of 32 raw Ed25519 bytes, the private
 * one being the seed of the public one (Splice documentation, "CometBFT governance key"). Judged for the SV app, and for
 * the Secret itself.
 */
final class GovernanceKeyFormat implements Rule {

    private static final RuleInfo INFO =
            new RuleInfo("governance-key-format", RuleClass.BROKEN, "a governance key Secret that holds no key pair");

    @Override
    public RuleInfo info() {
        return INFO;
    }

    @Override
    public List<Finding> check(Subject subject) {
        var findings = new ArrayList<Finding>();
        subject.workload()
                .ifPresent(workload -> workload.containers(Role.SV_APP).forEach(container -> {
                    var refs = GovernanceRefs.of(container);
                    diagnose(
                            GovernanceRefs.names("", refs, subject.names()),
                            "container " + container.name() + ": ",
                            half(subject, refs, false),
                            half(subject, refs, true),
                            findings);
                }));
        subject.secret()
                .filter(secret -> secret.filler().isEmpty())
                .ifPresent(secret -> diagnose(
                        subject.names(),
                        "",
                        half(secret, subject.names().publicKey()),
                        half(secret, subject.names().privateKey()),
                        findings));
        return findings;
    }

    /**
     * One half of a key.
     *
     * @param label for messages
     * @param secret the Secret that it comes from
     * @param text empty where it is not there, which is for {@link GovernanceKeySecret} to say
     */
    private record Half(String label, ObjectRef secret, String path, Optional<KeyText> text) {}

    private static Half half(GovernanceSecret secret, String key) {
        return new Half(
                "key " + key,
                secret.ref(),
                "/data",
                Optional.ofNullable(secret.keys().get(key)));
    }

    private static Half half(Subject subject, List<GovernanceRefs.Ref> refs, boolean isPrivate) {
        var ref = refs.stream().filter(r -> r.isPrivate() == isPrivate).findFirst();
        var secret = new ObjectRef(
                "Secret",
                subject.ref().namespace(),
                ref.map(GovernanceRefs.Ref::secret).orElse(""));
        return new Half(
                secret + ": key " + ref.map(GovernanceRefs.Ref::key).orElse(""),
                secret,
                ref.map(GovernanceRefs.Ref::path).orElse(""),
                ref.flatMap(r -> subject.facts().secretText(secret, r.key())));
    }

    private static void diagnose(
            SecretNames names, String where, Half publicKey, Half privateKey, List<Finding> findings) {
        for (var defect : KeyPair.diagnose(publicKey.text(), privateKey.text())) {
            var half = defect.half() == KeyDefect.Half.PUBLIC ? publicKey : privateKey;
            findings.add(Finding.seen(
                    INFO,
                    half.secret().name() + " " + defect.half() + " " + defect.kind(),
                    where + half.label() + " " + defect.text(),
                    defect.kind() == KeyDefect.Kind.NULL_LITERAL
                            ? Remedy.secret(
                                    half.secret().namespace(),
                                    names.withGovernance(half.secret().name(), names.publicKey(), names.privateKey()))
                            : defect.remedy(),
                    half.path()));
        }
    }

    /** Whether it is what {@code jq} prints for a field that the JSON does not have. */
    static boolean isNull(KeyText text) {
        return KeyPair.diagnoseHalf(KeyDefect.Half.PRIVATE, text)
                .filter(defect -> defect.kind() == KeyDefect.Kind.NULL_LITERAL)
                .isPresent();
    }
}
