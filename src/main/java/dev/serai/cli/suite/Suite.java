package dev.serai.cli.suite;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Listing;
import dev.serai.connector.Operation;
import dev.serai.connector.Upsert;
import dev.serai.file.FileRefused;
import dev.serai.file.Place;
import dev.serai.file.Problem;
import dev.serai.file.Suggest;
import dev.serai.file.Yaml;
import dev.serai.library.Library;
import dev.serai.library.LibraryFolder;
import dev.serai.mapping.Mapping;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Tries connector files: each call they can make is held against the system's contract and sent to its simulator. Needs no
 * account and no network; nothing leaves this machine.
 */
public final class Suite implements AutoCloseable {
    private static final String CONNECTOR = "connector.yaml";
    private static final Finding NO_EXAMPLE =
            Finding.failed("examples.yaml has no example of it; add one under operations");

    private final Path systems;
    private final Addresses addresses = new Addresses();
    private final Library library;
    private final List<Problem> problems;
    private final Bench bench;

    /** @param systems {@code mappings/} */
    public Suite(Path systems) {
        this.systems = systems;
        var folder = new LibraryFolder(systems, addresses::setting);
        this.problems = folder.reload().problems();
        this.library = folder.current();
        this.bench = new Bench(systems);
    }

    /** The systems that have a connector file, by name. */
    public List<String> connectors() {
        try (Stream<Path> folders = Files.list(systems)) {
            return folders.filter(folder -> Files.isRegularFile(folder.resolve(CONNECTOR)))
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read the folder " + systems, e);
        }
    }

    /**
     * Tries one connector. What is wrong in its files is what it found, and no reason to try no other.
     *
     * @throws IllegalArgumentException when there is no such connector
     */
    public Report test(String name) {
        if (!Files.isRegularFile(systems.resolve(name).resolve(CONNECTOR))) {
            throw new IllegalArgumentException("there is no " + systems + "/" + name + "/" + CONNECTOR);
        }
        try {
            refuseBroken(name);
            return new Report(name, rows(library.connector(name).orElseThrow(), systems.resolve(name)));
        } catch (FileRefused e) {
            return Report.unreadable(name, e.problems());
        } catch (RuntimeException e) {
            var place = Place.whole(Examples.shown(systems.resolve(name), CONNECTOR));
            return Report.unreadable(name, List.of(new Problem(place, untried(e))));
        }
    }

    private List<Report.Row> rows(Connector connector, Path folder) {
        Examples examples = Examples.of(folder);
        Yaml file = Yaml.read(Examples.shown(folder, CONNECTOR), Examples.text(folder.resolve(CONNECTOR)));
        var rows = new ArrayList<Report.Row>();
        boolean played = bench.simulator().vendors().contains(connector.name());
        var account = new Account(bench, connector);
        if (played) {
            Optional<String> ownPath = point(connector, examples, folder);
            address(account, examples, ownPath)
                    .ifPresent(found -> rows.add(new Report.Row(
                            "address", file.problem(file.keyPlace("base_url"), ""), Map.of(Check.CONTRACT, found))));
        }
        if (played && connector.tokens().isPresent()) {
            rows.add(signIn(new SignInChecks(bench, account, examples), file));
        }
        if (file.get("quota").isPresent() || !examples.limits().isEmpty()) {
            rows.add(limits(new LimitsCheck(connector, examples), file));
        }
        var samples = new SampleRows(library, folder, examples);
        for (Operation operation : connector.operations().values()) {
            if (examples.mailServer().isPresent()) {
                rows.addAll(mail(account, operation, examples, file));
            } else {
                rows.add(played ? row(account, operation, examples, file) : unplayed(operation, file));
            }
            if (played) {
                examples.operation(operation.name())
                        .filter(example -> example.sample().isPresent())
                        .ifPresent(example -> rows.add(samples.answered(
                                new Trial(bench, examples, account, operation, bodies(example)),
                                place(file, operation))));
            }
        }
        connector.webhooks().ifPresent(section -> rows.addAll(samples.sent(section)));
        return rows;
    }

    /** @throws FileRefused when no setting of the connector file says where the mail server is */
    private List<Report.Row> mail(Account account, Operation operation, Examples examples, Yaml file) {
        String setting = examples.mailServer().orElseThrow();
        Set<String> settings = account.connector().settings();
        if (!settings.contains(setting)) {
            throw new FileRefused(List.of(examples.problem(
                    "mail_server",
                    "\"" + setting + "\" is no setting of " + CONNECTOR + "; " + Suggest.hint(setting, settings))));
        }
        addresses.post(account.connector(), examples);
        Optional<Examples.Example> example = examples.operation(operation.name());
        if (example.isEmpty()) {
            return List.of(
                    new Report.Row(operation.name(), place(file, operation), Map.of(Check.CONTRACT, NO_EXAMPLE)));
        }
        var trial = new Trial(bench, examples, account, operation, bodies(example.get()));
        return new MailChecks(trial, server -> addresses.put(setting, server))
                .rows(file.problem(file.keyPlace("base_url"), ""), place(file, operation));
    }

    private void refuseBroken(String name) {
        String own = systems.getFileName() + "/" + name + "/";
        List<Problem> broken = problems.stream()
                .filter(problem -> problem.place().file().startsWith(own))
                .toList();
        if (!broken.isEmpty()) {
            throw new FileRefused(broken);
        }
    }

    private static Report.Row unplayed(Operation operation, Yaml file) {
        var nothing = Finding.unverified("the folder has no simulator.yaml to try it on");
        return new Report.Row(operation.name(), place(file, operation), Map.of(Check.CALL, nothing));
    }

    /**
     * The address and the credentials are the simulator's, which has the records of the examples.
     *
     * @return the path of the file's own address
     * @throws FileRefused when contract, simulator or examples can't be used
     */
    private Optional<String> point(Connector connector, Examples examples, Path folder) {
        bench.simulator().reset();
        Optional<String> ownPath = addresses.ownPath(connector, examples, bench.simulator());
        addresses.simulate(connector, examples, bench.simulator());
        try {
            bench.fresh(connector.name(), examples.seed());
        } catch (IllegalArgumentException e) {
            var place = Place.whole(Examples.shown(folder, Examples.NAME));
            throw new FileRefused(List.of(new Problem(place, "under seed: " + e.getMessage())));
        }
        return ownPath;
    }

    /** @return empty when there is nothing to hold against each other */
    private Optional<Finding> address(Account account, Examples examples, Optional<String> ownPath) {
        boolean told =
                account.connector().tokens().isPresent() && account.connector().isTold();
        if (ownPath.isEmpty() && !told) {
            return Optional.empty();
        }
        try {
            account.signIn();
        } catch (ConnectorRefused e) {
            return Optional.empty(); // the row of its sign-in says so
        }
        var trials = new ArrayList<Trial>();
        for (Operation operation : account.connector().operations().values()) {
            examples.operation(operation.name())
                    .filter(example -> !(operation instanceof Upsert))
                    .ifPresent(example -> trials.add(new Trial(bench, examples, account, operation, bodies(example))));
        }
        var document = bench.simulator().document(account.connector().name());
        return new AddressCheck(bench, document, ownPath).address(trials);
    }

    private Report.Row row(Account account, Operation operation, Examples examples, Yaml file) {
        var findings = new EnumMap<Check, Finding>(Check.class);
        Problem at = place(file, operation);
        Optional<Examples.Example> example = examples.operation(operation.name());
        if (example.isEmpty()) {
            findings.put(Check.CONTRACT, NO_EXAMPLE);
            return new Report.Row(operation.name(), at, findings);
        }
        if (operation instanceof Upsert) {
            var trial = new Trial(bench, examples, account, operation, bodies(example.get()));
            findings.put(Check.CONTRACT, Finding.none("it is made of operations that are tried by themselves"));
            findings.put(Check.REPEAT, found(() -> new UpsertCheck(trial).repeat()));
            return new Report.Row(operation.name(), at, findings);
        }
        List<JsonNode> bodies = bodies(example.get());
        if (bodies.isEmpty()) {
            findings.put(
                    Check.CONTRACT,
                    Finding.failed("examples.yaml names the mapping \""
                            + example.get().mapping().orElse("") + "\", of which no test gives a result"));
            return new Report.Row(operation.name(), at, findings);
        }
        check(new Trial(bench, examples, account, operation, bodies), findings);
        return new Report.Row(operation.name(), at, findings);
    }

    private static Report.Row signIn(SignInChecks checks, Yaml file) {
        var findings = new EnumMap<Check, Finding>(Check.class);
        findings.put(Check.CALL, found(checks::call));
        findings.put(Check.AUTH, found(checks::auth));
        findings.put(Check.ERRORS, found(checks::errors));
        findings.put(Check.LIMITS, found(checks::limits));
        return new Report.Row(Connector.SIGN_IN, file.problem(file.keyPlace("auth"), ""), findings);
    }

    private static Report.Row limits(LimitsCheck check, Yaml file) {
        Problem at = file.get("quota")
                .map(quota -> file.problem(file.keyPlace("quota"), ""))
                .orElseGet(() -> file.problem(file.place(), ""));
        return new Report.Row("limits", at, Map.of(Check.LIMITS, found(check::understood)));
    }

    private void check(Trial trial, Map<Check, Finding> findings) {
        var calls = new CallChecks(trial);
        var failures = new FailureChecks(trial);
        var repeats =
                new RepeatChecks(trial, new Reader(library, trial.example().readBy()));
        findings.put(Check.CONTRACT, found(calls::contract));
        if (findings.get(Check.CONTRACT).state() == Finding.State.FAILED) {
            return;
        }
        Optional<Finding> notPlayed = calls.played();
        if (notPlayed.isPresent()) {
            findings.put(Check.CALL, notPlayed.get());
            return;
        }
        findings.put(Check.CALL, found(calls::call));
        if (findings.get(Check.CALL).state() == Finding.State.FAILED) {
            return;
        }
        findings.put(Check.AUTH, found(calls::auth));
        findings.put(Check.ERRORS, found(failures::errors));
        findings.put(Check.LIMITS, found(failures::limits));
        findings.put(Check.REPEAT, found(repeats::repeat));
        findings.put(Check.PAGES, found(repeats::pages));
        findings.put(
                Check.BATCH,
                trial.isBatch()
                        ? found(() -> new BatchCheck(trial).oneRefused())
                        : Finding.none("it takes one record"));
    }

    /** A request that can't be built is a finding as well. */
    static Finding found(Supplier<Finding> check) {
        try {
            return check.get();
        } catch (ConnectorRefused | IllegalArgumentException e) {
            return Finding.failed(e.getMessage());
        } catch (FileRefused e) {
            return Finding.failed(e.problems().get(0).toString());
        } catch (RuntimeException e) { // one connector's odd file must not keep the others from being tried
            return Finding.failed(untried(e));
        }
    }

    private static String untried(RuntimeException e) {
        return "it can't be tried (" + e + "); look whether examples.yaml, simulator.yaml and contract.json are as"
                + " docs/systems.md asks, else this is a fault of Serai";
    }

    private List<JsonNode> bodies(Examples.Example example) {
        return example.mapping()
                .map(this::examples)
                .orElseGet(() -> List.of(example.body().orElseGet(Trial::nothing)));
    }

    /** What a mapping's own tests give; of a way back, what it makes of what the way there gives. */
    private List<JsonNode> examples(String name) {
        Stream<JsonNode> own = library.mapping(name).map(Mapping::examples).orElse(List.of()).stream();
        Stream<JsonNode> back = library.mappings().values().stream()
                .filter(there ->
                        there.reversed().map(Mapping::name).filter(name::equals).isPresent())
                .flatMap(there -> there.examples().stream().map(there.reversed().orElseThrow()::apply));
        return Stream.concat(own, back).toList();
    }

    private static Problem place(Yaml file, Operation operation) {
        String group =
                operation instanceof Listing ? "streams" : operation instanceof Operation.Read ? "reads" : "writes";
        Yaml all = file.get(group).orElse(file);
        return all.problem(all.keyPlace(operation.name()), "");
    }

    @Override
    public void close() {
        bench.close();
    }
}
