package dev.serai.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Memory and processor time of process trees, read from Linux' {@code /proc}. */
final class Processes {
    /** {@code sysconf(_SC_CLK_TCK)}: 100 on every Linux a JVM runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private Processes() {}

    /** A process as {@code /proc/PID/stat} has it; its ticks with those of children that have ended. */
    private record Stat(String name, long parent, long ticks) {}

    /**
     * Memory of a tree in MB. {@code rss} counts what processes share once for each (PostgreSQL's buffers), {@code pss}
     * once in all.
     */
    record Memory(long rss, long pss) {
        Memory max(Memory other) {
            return new Memory(Math.max(rss, other.rss), Math.max(pss, other.pss));
        }

        private Memory plus(Memory other) {
            return new Memory(rss + other.rss, pss + other.pss);
        }
    }

    /** Memory of processes: of those named {@code postgres}, of the others, and of all together. */
    record Memories(Memory all, Memory hub, Memory database) {
        static final Memories NONE = new Memories(new Memory(0, 0), new Memory(0, 0), new Memory(0, 0));

        Memories max(Memories other) {
            return new Memories(all.max(other.all), hub.max(other.hub), database.max(other.database));
        }
    }

    /** Seconds of processor time that the processes, their descendants and ended children have used. */
    static double cpuSeconds(List<Long> roots) {
        Map<Long, Stat> all = all();
        return tree(all, roots).stream().mapToLong(pid -> all.get(pid).ticks).sum() / TICKS_PER_SECOND;
    }

    /** Memory of the processes and their descendants now. */
    static Memories memory(List<Long> roots) {
        Map<Long, Stat> all = all();
        Memory hub = new Memory(0, 0);
        Memory database = new Memory(0, 0);
        for (long pid : tree(all, roots)) {
            if (all.get(pid).name.equals("postgres")) {
                database = database.plus(memory(pid));
            } else {
                hub = hub.plus(memory(pid));
            }
        }
        return new Memories(hub.plus(database), hub, database);
    }

    private static Memory memory(long pid) {
        long rss = 0;
        long pss = 0;
        for (String line : lines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
            if (line.startsWith("Rss:")) {
                rss = kilobytes(line);
            } else if (line.startsWith("Pss:")) {
                pss = kilobytes(line);
            }
        }
        return new Memory(rss / 1024, pss / 1024);
    }

    /** Seconds of processor time the whole machine has worked, for users and system. */
    static double machineSeconds() {
        String[] cpu = lines(Path.of("/proc/stat")).get(0).split("\\s+");
        return (Long.parseLong(cpu[1]) + Long.parseLong(cpu[2]) + Long.parseLong(cpu[3])) / TICKS_PER_SECOND;
    }

    /** The process that started {@code pid}; 0 when there is none. */
    static long parent(long pid) {
        return stat(pid).map(Stat::parent).orElse(0L);
    }

    private static Set<Long> tree(Map<Long, Stat> all, List<Long> roots) {
        var children = new HashMap<Long, List<Long>>();
        all.forEach((pid, stat) ->
                children.computeIfAbsent(stat.parent, p -> new ArrayList<>()).add(pid));
        var seen = new HashSet<Long>();
        var todo = new ArrayDeque<>(roots);
        while (!todo.isEmpty()) {
            long pid = todo.pop();
            if (all.containsKey(pid) && seen.add(pid)) {
                todo.addAll(children.getOrDefault(pid, List.of()));
            }
        }
        return seen;
    }

    private static Map<Long, Stat> all() {
        var all = new HashMap<Long, Stat>();
        ProcessHandle.allProcesses().map(ProcessHandle::pid).forEach(pid -> stat(pid)
                .ifPresent(s -> all.put(pid, s)));
        return all;
    }

    private static Optional<Stat> stat(long pid) {
        List<String> lines = lines(Path.of("/proc/" + pid + "/stat"));
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        String line = lines.get(0);
        // behind "pid (name) " come state and parent; fields 14 to 17 of the whole line are the times (proc(5))
        String[] f = line.substring(line.lastIndexOf(')') + 2).split(" ");
        long ticks = Long.parseLong(f[11]) + Long.parseLong(f[12]) + Long.parseLong(f[13]) + Long.parseLong(f[14]);
        String name = line.substring(line.indexOf('(') + 1, line.lastIndexOf(')'));
        return Optional.of(new Stat(name, Long.parseLong(f[1]), ticks));
    }

    private static long kilobytes(String line) {
        return Long.parseLong(line.replaceAll("\\D", ""));
    }

    /** The lines of a file of /proc; none when the process has ended meanwhile. */
    private static List<String> lines(Path path) {
        try {
            return Files.readAllLines(path);
        } catch (IOException e) {
            return List.of();
        }
    }
}
