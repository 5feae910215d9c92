// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kms-guard completion}. */
@Command(
        name = "completion",
        description = "Prints a script that lets a shell complete commands, options and their values.",
        footer = {
            "",
            "Examples:",
            "  source <(kms-guard completion)",
            "  kms-guard completion bash > ~/.local/share/bash-completion/completions/kms-guard",
            "  kms-guard completion zsh > ~/.kms-guard.zsh && echo 'source ~/.kms-guard.zsh' >> ~/.zshrc"
        })
final class CompletionCommand implements Callable<Integer> {

    /** The two share a script, which looks itself which of them reads it. */
    enum Shell {
        BASH,
        ZSH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        static final class Converter implements ITypeConverter<Shell> {
            @Override
            public Shell convert(String text) {
                return Words.of(text, values());
            }
        }
    }

    /** Where picocli's script forbids to offer files, for all that it does not know to be a file. */
    private static final String NO_FILES = "type compopt &>/dev/null && compopt +o default";

    private final Session session;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "SHELL",
            converter = Shell.Converter.class,
            description = "bash or zsh; one script serves both.")
    @SuppressWarnings("unused") // read by picocli, which refuses other shells
    private Shell shell = Shell.BASH;

    CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var root = spec.root();
        session.out().print(AutoComplete.bash(root.name(), root.commandLine()).replace(NO_FILES, ":"));
        return ExitCode.FINE;
    }
}
