import fish.payara.micro.PayaraMicro;
import fish.payara.micro.PayaraMicroRuntime;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;

/**
 * Payara Micro that is told by lines of its standard input what to do: {@code deploy NAME FILE} and
 * {@code undeploy NAME}; it ends with its input. Each is answered by a line of the standard output,
 * {@code micro-server: done} or {@code micro-server: failed}, as the start is.
 *
 * <p>Run from its source, by {@code java -cp payara-micro.jar MicroServer.java} and what else Payara
 * Micro may be told: so nothing but a run with it needs its hundred megabytes.
 */
final class MicroServer {

  private MicroServer() {}

  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.out; // before Payara takes it for its log
    BufferedReader orders = new BufferedReader(new InputStreamReader(System.in));
    PayaraMicro.main(arguments);
    PayaraMicroRuntime micro = PayaraMicro.getInstance().getRuntime();
    answer(out, true);
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      answer(out, obey(micro, order.split(" ", 3)));
    }
    micro.shutdown();
    System.exit(0);
  }

  private static boolean obey(PayaraMicroRuntime micro, String[] order) {
    if (order[0].equals("deploy")) {
      return micro.deploy(order[1], order[1], new File(order[2]));
    }
    micro.undeploy(order[1]);
    return !micro.getDeployedApplicationNames().contains(order[1]);
  }

  private static void answer(PrintStream out, boolean done) {
    out.println("micro-server: " + (done ? "done" : "failed"));
    out.flush();
  }
}
