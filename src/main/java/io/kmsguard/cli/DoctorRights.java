// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.PolicyFile;
import io.kmsguard.admission.PolicyFile.AuditSettings;
import io.kmsguard.cluster.ApiProbe;
import io.kmsguard.cluster.Installation;
import io.kmsguard.policy.SecretNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Whether the guard's account may do what the chart's roles say: each verb on each resource is asked for. */
final class DoctorRights {

    private static final String CHECK = "rights";
    private static final String AUTHORIZATION = "apis/authorization.k8s.io/v1/";

    private final ApiProbe api;
    private final Installation installation;
    private final Map<String, String> names;
    private final boolean managed;
    private final AuditSettings audit;

    /** One thing that it must be allowed; the namespace is empty for all of them, and the name for any. */
    private record Right(String verb, String group, String resource, String name, String namespace) {
        @Override
        public String toString() {
            return verb + " " + resource + (name.isEmpty() ? "" : " " + name)
                    + (namespace.isEmpty() ? "" : " in " + namespace);
        }
    }

    /**
     * Asks for nothing yet.
     *
     * @param policy names Secrets, and says what the audit writes
     * @param managed whether the guard makes its own certificates
     */
    DoctorRights(ApiProbe api, Installation installation, PolicyFile policy, boolean managed) {
        this.api = api;
        this.installation = installation;
        this.managed = managed;
        this.audit = policy.audit();
        var secrets = policy.secrets();
        this.names = Map.of(
                SecretNames.DEFAULT.governance(), secrets.governance(),
                SecretNames.DEFAULT.gcp(), secrets.gcp(),
                SecretNames.DEFAULT.aws(), secrets.aws());
    }

    /** Looks. */
    Diagnosis look(ExpectedInstallation expected) {
        var rights = new ArrayList<Right>();
        expected.rules("ClusterRole").forEach(rule -> add(rule, "", rights));
        expected.rules("Role").forEach(rule -> add(rule, installation.namespace(), rights));
        var account = "system:serviceaccount:" + installation.namespace() + ":" + installation.name();
        var asAnother = api.post(AUTHORIZATION + "subjectaccessreviews", review(rights.get(0), account))
                                .code()
                        / 100
                == 2;
        if (!asAnother && !whoAmI().equals(account)) {
            return Diagnosis.cannotTell(CHECK, "your account may not ask what another one may do (403)");
        }
        var missing = new ArrayList<Right>();
        for (var right : rights) {
            var answer = api.post(
                    AUTHORIZATION + (asAnother ? "subjectaccessreviews" : "selfsubjectaccessreviews"),
                    review(right, asAnother ? account : ""));
            if (answer.code() / 100 != 2) {
                return Diagnosis.cannotTell(
                        CHECK, "what the guard's account may do could not be asked (" + answer.code() + ")");
            }
            if (!answer.body().at("/status/allowed").asBoolean(false)) {
                missing.add(right);
            }
        }
        return missing.isEmpty()
                ? Diagnosis.ok(
                        CHECK,
                        "ServiceAccount " + installation.namespace() + "/" + installation.name() + " may do the "
                                + rights.size() + " things that it must.")
                : Diagnosis.bad(
                        CHECK,
                        "ServiceAccount " + installation.namespace() + "/" + installation.name() + " may not "
                                + String.join(
                                        "; ",
                                        missing.stream().map(Right::toString).toList()) + ".",
                        "helm upgrade of the guard puts its roles and bindings back (docs/security.md says what each is for).");
    }

    private void add(JsonNode rule, String namespace, List<Right> rights) {
        var own = rule.path("resourceNames")
                .valueStream()
                .map(name -> named(name.asString("")))
                .toList();
        if (!isNeeded(rule.path("resources").toString(), own)) {
            return;
        }
        for (var resource : rule.path("resources")) {
            for (var name : own.isEmpty() ? List.of("") : own) {
                for (var verb : rule.path("verbs")) {
                    rights.add(new Right(
                            verb.asString(""),
                            rule.path("apiGroups").path(0).asString(""),
                            resource.asString(""),
                            name,
                            namespace));
                }
            }
        }
    }

    /** With certificates of others, and with an audit that writes nothing, the chart gives fewer rights. */
    private boolean isNeeded(String resources, List<String> own) {
        if (resources.contains("reports")) {
            return audit.reports();
        }
        if (resources.contains("events")) {
            return audit.events();
        }
        return managed
                || !((resources.contains("webhookconfigurations") && !own.isEmpty())
                        || own.contains(installation.certificates()));
    }

    private String named(String name) {
        return names.getOrDefault(name, ExpectedInstallation.named(name, installation));
    }

    private String whoAmI() {
        var review = PrettyJson.object();
        review.put("apiVersion", "authentication.k8s.io/v1").put("kind", "SelfSubjectReview");
        return api.post("apis/authentication.k8s.io/v1/selfsubjectreviews", review)
                .body()
                .at("/status/userInfo/username")
                .asString("");
    }

    private ObjectNode review(Right right, String account) {
        var review = PrettyJson.object();
        review.put("apiVersion", "authorization.k8s.io/v1")
                .put("kind", account.isEmpty() ? "SelfSubjectAccessReview" : "SubjectAccessReview");
        var spec = review.putObject("spec");
        if (!account.isEmpty()) {
            spec.put("user", account)
                    .putArray("groups")
                    .add("system:serviceaccounts")
                    .add("system:serviceaccounts:" + installation.namespace())
                    .add("system:authenticated");
        }
        spec.putObject("resourceAttributes")
                .put("verb", right.verb())
                .put("group", right.group())
                .put("resource", right.resource())
                .put("name", right.name())
                .put("namespace", right.namespace());
        return review;
    }
}
