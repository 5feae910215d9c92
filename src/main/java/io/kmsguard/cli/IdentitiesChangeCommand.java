// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.IdentityMemory;
import io.kmsguard.admission.RememberedDatabase;
import io.kmsguard.splice.Suggestion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code identities accept} and {@code identities forget} have in common: one entry, shown first, and a question. */
abstract sealed class IdentitiesChangeCommand implements Callable<Integer>
        permits IdentitiesAcceptCommand, IdentitiesForgetCommand {

    private static final Set<String> YES = Set.of("y", "yes");

    private final Session session;

    @Parameters(
            paramLabel = "DATABASE",
            description = "As kms-guard identities list names it: SERVER:PORT/DATABASE/SCHEMA.")
    private String name = "";

    @Option(names = "--by", paramLabel = "NAME", description = "Who says so, for the entry (default: USER).")
    private @Nullable String by;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Mixin
    private final IdentitiesTarget target = new IdentitiesTarget();

    IdentitiesChangeCommand(Session session) {
        this.session = session;
    }

    /** What the entry would become, as a sentence, or why nothing is to be done. */
    abstract Plan plan(RememberedDatabase database);

    /** The memory after it. */
    abstract IdentityMemory apply(IdentityMemory memory, RememberedDatabase database, String who, LocalDate day);

    /** @param isPossible whether there is anything to do */
    record Plan(boolean isPossible, String sentence) {}

    @Override
    public Integer call() {
        var problems = new ArrayList<String>();
        var who = Optional.ofNullable(by)
                .or(() -> Optional.ofNullable(session.env().get("USER")))
                .orElse("")
                .strip();
        if (who.isEmpty()) {
            problems.add("Say who says so: --by NAME.");
            return session.trouble(problems);
        }
        var memory = target.read(session.env(), problems);
        var database = memory.flatMap(known -> find(known, problems));
        if (database.isEmpty()) {
            return session.trouble(problems);
        }
        IdentityLines.of(database.get()).forEach(session.out()::println);
        var plan = plan(database.get());
        session.out().println(plan.sentence());
        if (!plan.isPossible()) {
            return ExitCode.TROUBLE;
        }
        if (!yes && !isConfirmed()) {
            session.say("Nothing was changed.");
            return ExitCode.TROUBLE;
        }
        return write(database.get(), who, problems);
    }

    private int write(RememberedDatabase shown, String who, List<String> problems) {
        var day = LocalDate.now(ZoneOffset.UTC);
        var changed = target.change(
                session.env(),
                memory -> {
                    if (!memory.databases().contains(shown)) {
                        problems.add("The entry has changed since it was shown, so nothing was written. Say it again.");
                        return memory;
                    }
                    return apply(memory, shown, who, day);
                },
                problems);
        if (changed.isEmpty() || !problems.isEmpty()) {
            return session.trouble(problems);
        }
        session.out().println("Done.");
        return ExitCode.FINE;
    }

    private Optional<RememberedDatabase> find(IdentityMemory memory, List<String> problems) {
        var found = memory.databases().stream()
                .filter(database -> IdentityLines.name(database).equals(name))
                .findFirst();
        if (found.isEmpty()) {
            var names = memory.databases().stream().map(IdentityLines::name).toList();
            problems.add("Of database '" + Printable.of(name) + "' nothing is remembered"
                    + Suggestion.closest(name, names)
                            .map(near -> "; did you mean " + near + "?")
                            .orElse("; kms-guard identities list shows what there is."));
        }
        return found;
    }

    private boolean isConfirmed() {
        session.err().print("kms-guard: Write this? [y/N] ");
        session.err().flush();
        try {
            var answer = new BufferedReader(new InputStreamReader(session.in(), StandardCharsets.UTF_8)).readLine();
            return answer != null && YES.contains(answer.strip().toLowerCase(Locale.ROOT));
        } catch (IOException gone) {
            return false;
        }
    }
}
