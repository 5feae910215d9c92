// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.KeyDefect;
import io.kmsguard.splice.KeyPair;
import io.kmsguard.splice.KeyText;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
                    var publicKey = first(refs, false);
                    var privateKey = first(refs, true);
                    publicKey.or(() -> privateKey).ifPresent(ref -> {
                        var secret = new ObjectRef("Secret", workload.ref().namespace(), ref.secret());
                        diagnose(
                                "container " + container.name() + ": " + secret,
                                publicKey.flatMap(half -> text(subject, half)),
                                privateKey.flatMap(half -> text(subject, half)),
                                new Names(
                                        publicKey.map(GovernanceRefs.Ref::key).orElse(""),
                                        privateKey.map(GovernanceRefs.Ref::key).orElse("")),
                                new Place(subject.ref().namespace(), ref.secret(), ref.path()),
                                findings);
                    });
                }));
        subject.secret().ifPresent(secret -> {
            var names = new Names(subject.names().publicKey(), subject.names().privateKey());
            diagnose(
                    "the Secret",
                    Optional.ofNullable(secret.keys().get(names.publicKey())),
                    Optional.ofNullable(secret.keys().get(names.privateKey())),
                    names,
                    new Place(secret.ref().namespace(), secret.ref().name(), "/data"),
                    findings);
        });
        return findings;
    }

    /** How the Secret calls the two halves. */
    private record Names(String publicKey, String privateKey) {}

    private record Place(String namespace, String secret, String path) {}

    private static void diagnose(
            String where,
            Optional<KeyText> publicKey,
            Optional<KeyText> privateKey,
            Names names,
            Place place,
            List<Finding> findings) {
        for (var defect : KeyPair.diagnose(publicKey, privateKey)) {
            var key = defect.half() == KeyDefect.Half.PUBLIC ? names.publicKey() : names.privateKey();
            findings.add(Finding.seen(
                    INFO,
                    place.secret() + " " + defect.half() + " " + defect.kind(),
                    where + ", key " + key + " " + defect.text(),
                    defect.remedy(),
                    place.path()));
        }
    }

    private static Optional<GovernanceRefs.Ref> first(List<GovernanceRefs.Ref> refs, boolean isPrivate) {
        return refs.stream().filter(ref -> ref.isPrivate() == isPrivate).findFirst();
    }

    private static Optional<KeyText> text(Subject subject, GovernanceRefs.Ref ref) {
        return subject.facts()
                .secret(new ObjectRef("Secret", subject.ref().namespace(), ref.secret()))
                .toOptional()
                .flatMap((Map<String, KeyText> keys) -> Optional.ofNullable(keys.get(ref.key())));
    }
}
