package io.springtide.master.store.zookeeper;

import java.net.InetSocketAddress;
import java.util.Collection;
import org.apache.zookeeper.client.ConnectStringParser;
import org.apache.zookeeper.client.HostProvider;
import org.apache.zookeeper.client.StaticHostProvider;

/**
 * The servers of an ensemble, in random order as the client has them; but between two rounds it waits
 * for a moment only, since a whole second is half of a session.
 */
final class QuickHosts implements HostProvider {

    private static final long PAUSE_MS_MAX = 20;

    private final HostProvider hosts;

    QuickHosts(String servers) {
        this.hosts = new StaticHostProvider(new ConnectStringParser(servers).getServerAddresses());
    }

    @Override
    public int size() {
        return hosts.size();
    }

    @Override
    public InetSocketAddress next(long pauseMs) {
        return hosts.next(Math.min(pauseMs, PAUSE_MS_MAX));
    }

    @Override
    public void onConnected() {
        hosts.onConnected();
    }

    @Override
    public boolean updateServerList(Collection<InetSocketAddress> servers,
            InetSocketAddress current) {
        return hosts.updateServerList(servers, current);
    }
}
