// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Workload;
import java.util.Locale;

/** The ways out of {@link GovernanceKeyInUse}, as commands in their order. */
final class InUseRemedy {

    /** What Helm writes on every object of a release. */
    private static final String RELEASE = "meta.helm.sh/release-name";

    private InUseRemedy() {}

    /** First keeps the key, then stops what reads it. */
    static String deletion(GovernanceSecret secret, Workload svApp) {
        var kubectl = "kubectl -n " + secret.ref().namespace();
        var name = secret.ref().name();
        var order = "kubectl -n " + secret.ref().namespace() + " get secret " + name
                + " -o yaml > key.yaml (keep it safe), then " + stop(svApp) + ", then " + kubectl + " delete secret "
                + name;
        return secret.immutable()
                ? "to retire the SV: " + order
                        + "; to change the Secret, which is immutable: the same, then make it anew and"
                        + " install the SV app again"
                : "to change the key, apply the new Secret over this one, without a deletion; to retire the SV: "
                        + order;
    }

    private static String stop(Workload svApp) {
        var release = svApp.annotations().getOrDefault(RELEASE, "");
        var namespace = svApp.ref().namespace();
        return release.isEmpty()
                ? "kubectl -n " + namespace + " delete " + resource(svApp.ref())
                : "helm -n " + namespace + " uninstall " + release;
    }

    /** First both names, then the SV app, then one. */
    static String dropped(GovernanceSecret secret, ObjectRef svApp, String keys) {
        return "leave " + keys + " in " + secret.ref() + " and add the new names beside; once the env of " + svApp
                + " reads these, take the old ones out";
    }

    /** Takes the change to the SV app, or takes it back. */
    static String changed(ObjectRef svApp) {
        return "if it is meant: kubectl -n " + svApp.namespace() + " rollout restart " + resource(svApp)
                + "; keep the old pair until the SV's node shows the new one";
    }

    private static String resource(ObjectRef svApp) {
        return svApp.kind().toLowerCase(Locale.ROOT) + "/" + svApp.name();
    }
}
