/** The data plane: what takes requests and connections and gives them to endpoints. */
@NullMarked
package io.springtide.cloud.ingress.proxy;

import org.jspecify.annotations.NullMarked;
