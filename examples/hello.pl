#!/usr/bin/perl
# A web server of forty lines that runs on any Debian as it is (perl-base alone), starts in a few milliseconds and
# takes about 5 MB: light enough for hundreds of copies on a small machine. Every path answers 200, with the task it
# is, its process id and the time of its start. Port from $PORT (8000 without), address from $BIND (all without).
use Socket;

my $port = $ENV{PORT} || 8000;
my $bind = inet_aton($ENV{BIND} || '0.0.0.0') or die "hello: BIND is no address: $ENV{BIND}\n";
my $task = $ENV{MESOS_TASK_ID} || "process $$";
my $body = "hello from $task\npid $$\nsince ${\time}\n";
my $head = "Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\nContent-Length: " . length($body) . "\r\n\r\n";

$SIG{PIPE} = 'IGNORE';
socket(my $server, PF_INET, SOCK_STREAM, 0) or die "hello: no socket: $!\n";
setsockopt($server, SOL_SOCKET, SO_REUSEADDR, 1);
bind($server, sockaddr_in($port, $bind)) or die "hello: port $port cannot be had: $!\n";
listen($server, 128) or die "hello: cannot listen: $!\n";
syswrite(STDOUT, "listening on port $port as $task\n");

# True if the client has something to say within the given seconds.
sub readable {
    my ($client, $seconds) = @_;
    my $set = '';
    vec($set, fileno($client), 1) = 1;
    return select($set, undef, undef, $seconds) > 0;
}

while (1) {
    accept(my $client, $server) or next;
    my $request = '';
    # One silent client may hold up the others for a second at most, and none may fill the memory.
    while ($request !~ /\r?\n\r?\n/ && length($request) < 8192 && readable($client, 1)) {
        sysread($client, $request, 2048, length($request)) or last;
    }
    if ($request =~ /^(GET|HEAD) \S+ HTTP/) {
        syswrite($client, "HTTP/1.1 200 OK\r\n$head" . ($1 eq 'GET' ? $body : ''));
    } elsif (length $request) {
        syswrite($client, "HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    }
    close($client);
}
