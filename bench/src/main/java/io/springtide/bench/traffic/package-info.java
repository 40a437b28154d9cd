/** Load balancers under wrk: what they carry, and whether anybody notices when instances come and go. */
@NullMarked
package io.springtide.bench.traffic;

import org.jspecify.annotations.NullMarked;
