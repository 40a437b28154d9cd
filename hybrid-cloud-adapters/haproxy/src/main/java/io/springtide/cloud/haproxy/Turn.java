package io.springtide.cloud.haproxy;

import io.springtide.cloud.spi.support.Words;
import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.TrafficReport.ServiceLoad;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private final HaproxySettings settings;
    private final Control direct;
    private final Optional<Control> detour;
    private Control control;
    private final Reloader reloader;
    private final ConfigFiles files;
    private final Slots slots = new Slots();
    private final Loads loads;
    private Map<String, Map<String, ServerState>> seen = Map.of();
    private StatPage page = StatPage.EMPTY;
    private String pid = "";
    private long reloadNanos = System.nanoTime() - RELOAD_FAILED_EVERY.toNanos();
    private Duration reloadPause = Duration.ZERO;
    private String reloadTrouble = "";
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
        Optional<IOException> gone = look();
        Map<String, Integer> there = new TreeMap<>();
        seen.forEach((backend, servers) -> there.put(backend, servers.size()));
        TreeSet<String> open = new TreeSet<>(page.proxies());
        Plan plan = Planner.plan(table, settings, there,
                port -> open.contains(ConfigText.PORT + port) || free(port));
        slots.retain(name -> plan.backends().stream().anyMatch(b -> b.name().equals(name)));
        ConfigText config = new ConfigText(settings, plan, files.cookieKey(), files.global());
        if (gone.isPresent()) {
            Optional<String> complaint = files.write(config,
                    wanted(plan, false, new ArrayList<>()));
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
        if (!same) {
            same = restructure(config, plan, mark);
            if (!reloadTrouble.isEmpty()) {
                troubles.add(reloadTrouble);
            }
        }
        boolean settled = settle(plan, same, troubles);
        if (same && settled) {
            files.write(config, wanted(plan, false, new ArrayList<>()))
                    .ifPresent(troubles::add);
        }
        page = StatPage.read(control.ask("show stat"));
        Optional<List<StatPage>> former = former(troubles);
        List<ServiceLoad> measured = loads.of(plan, slots, page, former.orElse(List.of()),
                System.nanoTime());
        troubles.addAll(plan.leftOut());
        return new Outcome(same && settled && former.isPresent(), Words.said(troubles), measured);
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
        reloadNanos = System.nanoTime();
        reloadPause = RELOAD_FAILED_EVERY;
        Optional<String> complaint = files.write(config, wanted(plan, false, new ArrayList<>()));
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
        long deadline = reloadNanos + RELOAD_PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            Thread.sleep(30);
            if (mark.equals(described())) {
                reloadPause = RELOAD_EVERY;
                reloadTrouble = "";
                files.tidy(config);
                return look().isEmpty();
            }
        }
        reloadTrouble = "HAProxy has not taken over " + settings.config() + " within "
                + RELOAD_PATIENCE.toSeconds() + " s of the reload and serves the one before;"
                + " its log says why";
        return false;
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

    /** Sends what differs until nothing does; says whether nothing does. */
    private boolean settle(Plan plan, boolean same, List<String> troubles) throws IOException {
        List<String> answers = List.of();
        for (int round = 0; round <= ROUNDS; round++) {
            List<String> unknown = new ArrayList<>();
            Map<String, Map<String, ServerState>> wanted = wanted(plan, !same, unknown);
            List<String> commands = differences(wanted, seen);
            if (commands.isEmpty()) {
                troubles.addAll(unknown);
                return same;
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

    private Map<String, Map<String, ServerState>> wanted(Plan plan, boolean onlyThere,
            List<String> unknown) {
        Map<String, Map<String, ServerState>> wanted = new LinkedHashMap<>();
        for (Plan.Backend backend : plan.backends()) {
            Map<String, ServerState> servers = seen.getOrDefault(backend.name(), Map.of());
            if (onlyThere && servers.isEmpty()) {
                continue;
            }
            wanted.put(backend.name(), slots.assign(backend,
                    onlyThere ? servers.size() : backend.slots(), servers,
                    slot -> page.number(backend.name(), slot, "scur") > 0,
                    endpoint -> address(endpoint, unknown)));
        }
        return wanted;
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

    private static Optional<String> address(Endpoint endpoint, List<String> unknown) {
        try {
            return Optional.of(Words.address(endpoint.host()));
        } catch (UnknownHostException e) {
            unknown.add("instance " + endpoint.instance() + " is left out: its host '"
                    + Words.shown(endpoint.host()) + "' is unknown here; look at the name service"
                    + " of this machine");
            return Optional.empty();
        }
    }

    /** Whether HAProxy could open it; a port that we may not open ourselves is left to it. */
    private boolean free(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            String address = settings.serviceBind();
            socket.bind(address.equals("*")
                    ? new InetSocketAddress(port)
                    : new InetSocketAddress(address, port));
            return true;
        } catch (IOException e) {
            return !String.valueOf(e.getMessage()).contains("in use");
        }
    }
}
