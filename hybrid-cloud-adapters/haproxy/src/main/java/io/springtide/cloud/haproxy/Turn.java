package io.springtide.cloud.haproxy;

import io.springtide.cloud.spi.support.Addresses;
import io.springtide.cloud.spi.support.Words;
import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.TrafficReport.ServiceLoad;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One turn of the driver: see what HAProxy is, make it what it should be, see again, and measure. For one
 * thread.
 */
final class Turn {

    private static final Logger LOG = LoggerFactory.getLogger(Turn.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration RELOAD_PATIENCE = Duration.ofSeconds(10);
    private static final Duration RELOAD_AGAIN_PATIENCE = Duration.ofSeconds(2);
    private static final Duration RELOAD_EVERY = Duration.ofSeconds(1);
    private static final Duration RELOAD_FAILED_EVERY = Duration.ofSeconds(15);
    private static final Duration FORMER_PATIENCE = Duration.ofSeconds(15);
    private static final int ROUNDS = 3;

    /**
     * What came of it.
     *
     * @param inForce whether HAProxy does all that it was told
     * @param trouble for the operator; empty if there is none
     */
    record Outcome(boolean inForce, String trouble, List<ServiceLoad> loads) {}

    /** Of a plan. */
    private enum Part {
        /** All of it. */
        ALL,
        /** As far as HAProxy has servers for it. */
        THERE,
        /** Of that, where nobody who comes is without a server while others go already. */
        WITH_ROOM
    }

    private final HaproxySettings settings;
    private final Control direct;
    private final Optional<Control> detour;
    private Control control;
    private final Reloader reloader;
    private final ConfigFiles files;
    private final Slots slots = new Slots();
    private final Loads loads;
    private final Addresses addresses = new Addresses();
    private Map<String, Map<String, ServerState>> seen = Map.of();
    private StatPage page = StatPage.EMPTY;
    private String pid = "";
    private long reloadNanos = System.nanoTime() - RELOAD_FAILED_EVERY.toNanos();
    private Duration reloadPause = Duration.ZERO;
    private String reloadTrouble = "";
    /** The structure of the last reload, until it is there. */
    private String failed = "";
    private long formerNanos = System.nanoTime();

    Turn(HaproxySettings settings) {
        this.settings = settings;
        this.direct = new Control(settings.socket(), PATIENCE);
        this.detour = settings.masterSocket().map(m -> new Control(m, "@1 ", PATIENCE));
        this.control = direct;
        this.reloader = new Reloader(settings);
        this.files = new ConfigFiles(settings);
        this.loads = new Loads(settings.stickyIdleSeconds());
    }

    /**
     * Does it.
     *
     * @throws IOException with a sentence for the operator, if HAProxy is not there; the configuration on
     *     disk is the newest even then, so that a start suffices
     */
    Outcome take(TrafficTable table) throws IOException, InterruptedException {
        List<String> troubles = new ArrayList<>();
        addresses.begin(table);
        Optional<IOException> gone = look();
        Map<String, Integer> there = new TreeMap<>();
        seen.forEach((backend, servers) -> there.put(backend, servers.size()));
        TreeSet<String> open = new TreeSet<>(page.proxies());
        Plan plan = Planner.plan(table, settings, there,
                port -> open.contains(ConfigText.PORT + port)
                        || Ports.free(settings.serviceBind(), port));
        slots.retain(name -> plan.backends().stream().anyMatch(b -> b.name().equals(name)));
        ConfigText config = new ConfigText(settings, plan, files.cookieKey(), files.global());
        if (gone.isPresent()) {
            Optional<String> complaint = files.write(config,
                    wanted(plan, Part.ALL, new LinkedHashSet<>()));
            throw new IOException(complaint.map(c -> "HAProxy refuses the configuration: " + c)
                    .orElse(gone.get().getMessage() + "; start it: " + settings.program()
                            + " -W" + settings.masterSocket().map(s -> " -S " + s).orElse("")
                            + " -f " + settings.config()),
                    gone.get());
        }
        if (control != direct) {
            troubles.add("HAProxy's socket " + settings.socket() + " is gone, its master's is used;"
                    + " restart HAProxy when it suits");
        }
        String mark = ConfigText.MARK + config.structure();
        boolean same = mark.equals(control.info().getOrDefault("description", ""));
        if (same) {
            reloaded();
        } else {
            // Endpoints first: they must not wait for a reload, which may take long, or fail.
            settle(plan, Part.WITH_ROOM, new ArrayList<>());
            same = restructure(config, plan, mark);
            if (!reloadTrouble.isEmpty()) {
                troubles.add(reloadTrouble);
            }
        }
        boolean settled = settle(plan, same ? Part.ALL : Part.THERE, troubles) && same;
        addresses.trouble().ifPresent(troubles::add);
        if (settled) {
            files.write(config, wanted(plan, Part.ALL, new LinkedHashSet<>()))
                    .ifPresent(troubles::add);
        }
        page = StatPage.read(control.ask("show stat"));
        Optional<List<StatPage>> former = former(troubles);
        List<ServiceLoad> measured = loads.of(plan, slots, page, former.orElse(List.of()),
                System.nanoTime());
        troubles.addAll(plan.leftOut());
        return new Outcome(settled && former.isPresent(), Words.said(troubles), measured);
    }

    /** Sees what HAProxy is; gives the reason if it is not there. */
    private Optional<IOException> look() {
        control = direct;
        Optional<IOException> gone = read();
        if (gone.isPresent() && detour.isPresent()) {
            control = detour.get();
            if (read().isEmpty()) {
                return Optional.empty();
            }
        }
        return gone;
    }

    private Optional<IOException> read() {
        try {
            Map<String, String> info = control.info();
            String now = info.getOrDefault("Pid", "") + "/"
                    + info.getOrDefault("Start_time_sec", "");
            if (!pid.isEmpty() && !pid.equals(now)) {
                LOG.info("haproxy: another process serves now ({}, before {}); all is sent again",
                        now, pid);
            }
            pid = now;
            seen = ServerState.read(control.ask("show servers state"));
            if (page == StatPage.EMPTY) {
                page = StatPage.read(control.ask("show stat"));
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    /** Writes the configuration and has it loaded; says whether it is in force. */
    private boolean restructure(ConfigText config, Plan plan, String mark)
            throws IOException, InterruptedException {
        if (System.nanoTime() - reloadNanos < reloadPause.toNanos()) {
            return false;
        }
        // What has failed before is not waited for long a second time: endpoints wait meanwhile.
        Duration patience = mark.equals(failed) ? RELOAD_AGAIN_PATIENCE : RELOAD_PATIENCE;
        failed = mark;
        reloadNanos = System.nanoTime();
        reloadPause = RELOAD_FAILED_EVERY;
        Optional<String> complaint = files.write(config,
                wanted(plan, Part.ALL, new LinkedHashSet<>()));
        if (complaint.isPresent()) {
            reloadTrouble = "HAProxy refuses the new configuration and keeps the one before: "
                    + complaint.get();
            return false;
        }
        try {
            reloader.reload();
        } catch (IOException e) {
            reloadTrouble = String.valueOf(e.getMessage());
            return false;
        }
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            Thread.sleep(30);
            if (mark.equals(described())) {
                reloaded();
                files.tidy(config);
                return look().isEmpty();
            }
        }
        reloadTrouble = "HAProxy has not taken over " + settings.config() + " within "
                + patience.toSeconds() + " s of the reload and serves the one before;"
                + " its log says why";
        return false;
    }

    private void reloaded() {
        reloadPause = RELOAD_EVERY;
        reloadTrouble = "";
        failed = "";
    }

    private String described() {
        try {
            return control.info().getOrDefault("description", "");
        } catch (IOException e) {
            // Between two processes nobody answers: the caller asks again until its time is over.
            LOG.trace("haproxy: no answer during the reload", e);
            return "";
        }
    }

    /**
     * Sends what differs until nothing does; says whether nothing does.
     *
     * @param part what may differ
     */
    private boolean settle(Plan plan, Part part, List<String> troubles) throws IOException {
        List<String> answers = List.of();
        for (int round = 0; round <= ROUNDS; round++) {
            Set<String> unknown = new LinkedHashSet<>();
            Map<String, Map<String, ServerState>> wanted = wanted(plan, part, unknown);
            List<String> commands = differences(wanted, seen);
            if (commands.isEmpty()) {
                troubles.addAll(unknown);
                return true;
            }
            if (round == ROUNDS) {
                break;
            }
            answers = control.tell(commands);
            seen = ServerState.read(control.ask("show servers state"));
        }
        troubles.add("HAProxy did not do what it was told on " + settings.socket()
                + "; it says: " + String.join(" ", answers));
        return false;
    }

    private Map<String, Map<String, ServerState>> wanted(Plan plan, Part part,
            Set<String> unknown) {
        Map<String, Map<String, ServerState>> wanted = new LinkedHashMap<>();
        for (Plan.Backend backend : plan.backends()) {
            Map<String, ServerState> servers = seen.getOrDefault(backend.name(), Map.of());
            if ((part != Part.ALL && servers.isEmpty()) || (part == Part.WITH_ROOM
                    && servers.size() < backend.endpoints().size())) {
                continue;
            }
            wanted.put(backend.name(), slots.assign(backend,
                    part == Part.ALL ? backend.slots() : servers.size(), servers,
                    slot -> page.number(backend.name(), slot, "scur") > 0,
                    endpoint -> address(endpoint, unknown)));
        }
        return wanted;
    }

    private Optional<String> address(Endpoint endpoint, Set<String> unknown) {
        Optional<String> address = addresses.of(endpoint.host());
        if (address.isEmpty()) {
            unknown.add(Addresses.unknown(endpoint));
        }
        return address;
    }

    static List<String> differences(Map<String, Map<String, ServerState>> wanted,
            Map<String, Map<String, ServerState>> seen) {
        List<String> commands = new ArrayList<>();
        wanted.forEach((backend, servers) -> {
            Map<String, ServerState> there = seen.getOrDefault(backend, Map.of());
            // First what comes, then what goes: there is never a moment in which nobody is open.
            for (boolean coming : new boolean[]{true, false}) {
                servers.forEach((slot, state) -> {
                    if (coming == (state.mode() == ServerState.Mode.READY)
                            && there.containsKey(slot)) {
                        change(commands, backend + "/" + slot, there.get(slot), state);
                    }
                });
            }
        });
        return commands;
    }

    private static void change(List<String> commands, String server, ServerState there,
            ServerState wanted) {
        if (there.serves(wanted)) {
            return;
        }
        boolean moves = wanted.mode() != ServerState.Mode.MAINT
                && (there.port() != wanted.port() || !there.address().equals(wanted.address()));
        if ((moves && there.mode() != ServerState.Mode.MAINT)
                || wanted.mode() == ServerState.Mode.MAINT) {
            commands.add("set server " + server + " state maint");
        }
        if (wanted.mode() == ServerState.Mode.MAINT) {
            return;
        }
        if (moves) {
            commands.add("set server " + server + " addr " + wanted.address() + " port "
                    + wanted.port());
        }
        if (there.weight() != wanted.weight()) {
            commands.add("set server " + server + " weight " + wanted.weight());
        }
        if (moves || there.mode() != wanted.mode()) {
            commands.add("set server " + server + " state "
                    + (wanted.mode() == ServerState.Mode.DRAIN ? "drain" : "ready"));
        }
    }

    /**
     * What former workers still do; empty if that is not known now. Right after a reload the master is
     * away for a moment; once it is for long, there is nobody to wait for.
     */
    private Optional<List<StatPage>> former(List<String> troubles) {
        try {
            List<StatPage> pages = reloader.formerStats().stream().map(StatPage::read).toList();
            formerNanos = System.nanoTime();
            return Optional.of(pages);
        } catch (IOException | IllegalArgumentException e) {
            if (System.nanoTime() - formerNanos < FORMER_PATIENCE.toNanos()) {
                return Optional.empty();
            }
            troubles.add("what former workers still do is not known (" + e.getMessage()
                    + "); start HAProxy with -W -S "
                    + settings.masterSocket().map(Object::toString).orElse(""));
            return Optional.of(List.of());
        }
    }
}
