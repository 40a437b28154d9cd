package io.springtide.master.http;

import java.util.List;
import java.util.Optional;

/** One noun's part of the address space. */
interface Routes {

    /** What a path leads to, if it is one of ours. */
    Optional<Resource> resource(List<String> path);
}
