package io.springtide.bench.placement.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Replays every trace that a folder, or one of the folders in it, holds in a format known here. */
public final class Traces {

    private Traces() {}

    /**
     * Replays and prints.
     *
     * @param svg where charts go
     * @throws IllegalArgumentException if there is no trace of a known format
     */
    public static void replay(Path folder, Optional<Path> svg) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("there is no folder " + folder);
        }
        boolean any = false;
        for (Path one : folders(folder)) {
            if (Files.exists(one.resolve(TraceReader.NODES))) {
                any = true;
                List<String> arguments = new ArrayList<>(List.of(one.toString()));
                svg.ifPresent(to -> arguments.addAll(List.of("--svg", to.toString())));
                GpuReplay.main(arguments.toArray(new String[0]));
            }
            if (SlackReplay.knows(one)) {
                any = true;
                SlackReplay.replay(one, System.out);
            }
            if (BurstReplay.knows(one)) {
                any = true;
                BurstReplay.replay(one, System.out);
            }
        }
        if (!any) {
            throw new IllegalArgumentException("no trace of a known format in " + folder);
        }
    }

    private static List<Path> folders(Path folder) throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            return Stream.concat(Stream.of(folder), inside.filter(Files::isDirectory).sorted())
                    .toList();
        }
    }
}
