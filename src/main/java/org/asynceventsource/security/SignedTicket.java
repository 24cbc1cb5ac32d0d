package org.asynceventsource.security;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.asynceventsource.Ticket;

/**
 * A ticket as text: number, end and what it is for, with a signature behind, all in Base64 for
 * URLs.
 *
 * @param number no other ticket of the process has it
 * @param end when it ends, in nanoseconds of the process's clock
 * @param ticket what it is for
 */
record SignedTicket(long number, long end, Ticket ticket) {

  /** What fits into a query everywhere. */
  static final int LONGEST = 4_096;

  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  /** The text, which is at most {@value #LONGEST} characters long; else there is none. */
  String text(ProcessSecret secret) throws UTFDataFormatException {
    byte[] content = content();
    byte[] signature = secret.sign(content);
    byte[] all = Arrays.copyOf(content, content.length + signature.length);
    System.arraycopy(signature, 0, all, content.length, signature.length);
    String text = ENCODER.encodeToString(all);
    if (text.length() > LONGEST) {
      throw new UTFDataFormatException(text.length() + " characters");
    }
    return text;
  }

  /** Reads what this process has signed, and nothing else; empty for everything else. */
  static Optional<SignedTicket> parse(String text, ProcessSecret secret) {
    byte[] all = bytes(text);
    if (all.length <= ProcessSecret.MAC_BYTES) {
      return Optional.empty();
    }
    int length = all.length - ProcessSecret.MAC_BYTES;
    byte[] content = Arrays.copyOf(all, length);
    byte[] signature = Arrays.copyOfRange(all, length, all.length);
    return MessageDigest.isEqual(signature, secret.sign(content))
        ? Optional.of(read(content))
        : Optional.empty();
  }

  private static byte[] bytes(String text) {
    if (text.length() > LONGEST) {
      return new byte[0];
    }
    try {
      return DECODER.decode(text);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private byte[] content() throws UTFDataFormatException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      DataOutputStream content = new DataOutputStream(bytes);
      content.writeLong(number);
      content.writeLong(end);
      content.writeUTF(ticket.path());
      content.writeUTF(ticket.user());
      write(content, ticket.roles());
      write(content, ticket.channels());
    } catch (UTFDataFormatException tooLong) {
      throw tooLong;
    } catch (IOException e) {
      throw new UncheckedIOException("memory can't be written", e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream content, Set<String> names) throws IOException {
    content.writeInt(names.size());
    for (String name : names) {
      content.writeUTF(name);
    }
  }

  private static SignedTicket read(byte[] bytes) {
    try {
      DataInputStream content = new DataInputStream(new ByteArrayInputStream(bytes));
      long number = content.readLong();
      long end = content.readLong();
      String path = content.readUTF();
      String user = content.readUTF();
      Set<String> roles = names(content);
      return new SignedTicket(number, end, new Ticket(path, user, roles, names(content)));
    } catch (IOException e) {
      throw new UncheckedIOException("a ticket was signed that can't be read", e);
    }
  }

  private static Set<String> names(DataInputStream content) throws IOException {
    Set<String> names = new HashSet<>();
    for (int left = content.readInt(); left > 0; left--) {
      names.add(content.readUTF());
    }
    return names;
  }
}
