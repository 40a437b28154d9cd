package io.springtide.api.client;

/**
 * A piece of a file in a task's sandbox.
 *
 * @param offset where the piece begins, in bytes from the start of the file
 * @param sizeBytes size of the whole file when it was read
 * @param bytes the piece; empty at the end of the file
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; a copy a read would double the memory.
public record FilePart(long offset, long sizeBytes, byte[] bytes) {}
