// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.cluster.ClusterClient;
import io.kmsguard.cluster.Registration;
import io.kmsguard.splice.KubernetesNames;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kms-guard unregister}: takes the guard out of the way. */
@Command(
        name = "unregister",
        sortOptions = false,
        description = "Removes both webhook configurations of an installation, so that API servers ask it nothing any"
                + " more. The chart does so before it is uninstalled; by hand, it is the last step of"
                + " docs/operations.md.",
        footer = {
            "",
            "Example:",
            "  kms-guard unregister --installed-as kms-guard",
            "",
            "Exit codes: 0 they are gone, 2 one is still there, or the cluster cannot be asked."
        })
final class UnregisterCommand implements Callable<Integer> {

    private final Session session;

    @Option(
            names = "--installed-as",
            paramLabel = "NAME",
            required = true,
            description = "The name of the installation, which is that of its webhook configurations.")
    private String name = "";

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    UnregisterCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var problems = new ArrayList<String>();
        if (!KubernetesNames.isLabel(name)) {
            problems.add("'" + name + "' is no name of an installation.");
        }
        var access = cluster.find(session.env(), problems);
        if (problems.isEmpty() && access.isPresent()) {
            try (var client = ClusterClient.of(access.get())) {
                Registration.remove(client, name).forEach(removal -> tell(removal, problems));
            }
        }
        problems.forEach(session::say);
        return problems.isEmpty() ? ExitCode.FINE : ExitCode.TROUBLE;
    }

    private void tell(Registration.Removal removal, List<String> problems) {
        if (removal instanceof Registration.Removed removed) {
            session.out().println("Removed " + removed.what() + ".");
        } else if (removal instanceof Registration.NotThere absent) {
            session.out().println(absent.what() + " is not there.");
        } else if (removal instanceof Registration.Kept kept) {
            problems.add(kept.why() + ".");
        }
    }
}
