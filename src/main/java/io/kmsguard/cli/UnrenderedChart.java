// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Manifest;
import io.kmsguard.splice.KubernetesNames;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * An object from which a GitOps controller renders a chart of Splice: HelmRelease of Flux, Application and ApplicationSet of Argo
 * CD, HelmChart of k3s and RKE2. What the chart makes is not in it.
 *
 * @param command renders it, and checks what comes out
 */
record UnrenderedChart(String chart, String command) {

    /** What every chart of Splice is called. */
    private static final String PREFIX = "splice-";

    /** Of a manifest; empty where it renders nothing of Splice. */
    static Optional<UnrenderedChart> of(Manifest manifest, String namespace) {
        var object = manifest.object();
        var group = manifest.apiVersion().replaceFirst("/.*", "");
        return switch (group + "/" + manifest.kind()) {
            case "helm.toolkit.fluxcd.io/HelmRelease" -> flux(object, namespace);
            case "helm.cattle.io/HelmChart" -> k3s(object, namespace);
            case "argoproj.io/Application" -> argo(object.path("spec"), name(object));
            case "argoproj.io/ApplicationSet" ->
                argo(object.path("spec").path("template").path("spec"), "APPLICATION");
            default -> Optional.empty();
        };
    }

    private static Optional<UnrenderedChart> flux(JsonNode object, String namespace) {
        var spec = object.path("spec");
        var chart = spec.path("chart").path("spec");
        return splice(chart.path("chart"), spec.path("chartRef").path("name"))
                .map(name -> helm(
                        name,
                        text(spec.path("releaseName"), name(object)),
                        chart.path("version"),
                        text(spec.path("targetNamespace"), namespace),
                        "spec.values"));
    }

    private static Optional<UnrenderedChart> k3s(JsonNode object, String namespace) {
        var spec = object.path("spec");
        return splice(spec.path("chart"))
                .map(name -> helm(
                        name,
                        name(object),
                        spec.path("version"),
                        text(spec.path("targetNamespace"), namespace),
                        "spec.valuesContent"));
    }

    private static UnrenderedChart helm(
            String chart, String release, JsonNode version, String namespace, String values) {
        return new UnrenderedChart(
                chart,
                "helm template " + word(release, "RELEASE") + " REPOSITORY/" + chart
                        + (version.asString("").isEmpty() ? "" : " --version " + word(version.asString(""), "VERSION"))
                        + " -n " + word(namespace, "NAMESPACE") + " -f VALUES | kms-guard check -n "
                        + word(namespace, "NAMESPACE") + " - (VALUES: a file with its " + values + ")");
    }

    private static Optional<UnrenderedChart> argo(JsonNode spec, String name) {
        return Stream.concat(
                        Stream.of(spec.path("source")), spec.path("sources").valueStream())
                .flatMap(source -> splice(source.path("chart"), source.path("path")).stream())
                .findFirst()
                .map(chart -> new UnrenderedChart(
                        chart, "argocd app manifests " + word(name, "APPLICATION") + " | kms-guard check -"));
    }

    /** The last part of a chart's name or path, where that is one of Splice. */
    private static Optional<String> splice(JsonNode... charts) {
        return Stream.of(charts)
                .map(chart -> chart.asString("").replaceFirst(".*/", "").replaceFirst(":.*", ""))
                .filter(name -> name.startsWith(PREFIX))
                .filter(KubernetesNames::isSubdomain)
                .findFirst();
    }

    private static String name(JsonNode object) {
        return object.path("metadata").path("name").asString("");
    }

    private static String text(JsonNode node, String otherwise) {
        return node.asString("").isEmpty() ? otherwise : node.asString("");
    }

    /** A command that is copied holds nothing but words. */
    private static String word(String text, String otherwise) {
        return text.matches("[A-Za-z0-9][A-Za-z0-9._+-]*") ? text : otherwise;
    }
}
