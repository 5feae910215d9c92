// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One container of a workload, as it will run.
 *
 * @param index its place in {@code spec.containers}
 * @param env its env vars in order, {@code $(VAR)} expanded; a name that stands twice is there twice
 * @param envFrom what else gives it env vars, below {@code env} in precedence
 * @param config what its HOCON says
 * @param roles what it runs; empty for a container that is none of the guard's business
 * @param hasEnv whether the manifest has an {@code env} list to add to
 * @param mountPaths where volumes are mounted
 * @param hasMounts whether the manifest has a {@code volumeMounts} list to add to
 */
public record Container(
        int index,
        String name,
        Image image,
        List<EnvVar> env,
        List<EnvFrom> envFrom,
        AdditionalConfig config,
        Set<Role> roles,
        boolean hasEnv,
        Set<String> mountPaths,
        boolean hasMounts) {

    /** The env var of that name; of two, the last, as Kubernetes takes it. */
    public Optional<EnvVar> env(String name) {
        for (var i = env.size() - 1; i >= 0; i--) {
            if (env.get(i).name().equals(name)) {
                return Optional.of(env.get(i));
            }
        }
        return Optional.empty();
    }

    /** The env var with the address of the participant that an app runs on. */
    public Optional<EnvVar> participantAddress() {
        return env("SPLICE_APP_SV_PARTICIPANT_ADDRESS").or(() -> env("SPLICE_APP_VALIDATOR_PARTICIPANT_ADDRESS"));
    }

    /** The synchronizer nodes of an SV app with CometBFT, all forms of configuring one put together. */
    public List<CometBftNode> cometBftNodes() {
        return CometBftNodes.merge(config.cometBftNodes(), env("SPLICE_APP_SV_COMETBFT_ENABLED"));
    }

    public boolean is(Role role) {
        return roles.contains(role);
    }

    /** Where it stands in the object, as a JSON pointer. */
    public String path() {
        return "/spec/template/spec/containers/" + index;
    }
}
