/**
 * The drift radar: learns the shape of what a source sends, and finds what has become different. Pure; JSON in, findings
 * out, in bounded memory.
 */
package dev.serai.drift;
