import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.HexFormat;
import org.apache.kafka.common.utils.Utils;

/** Reads one key a line in hexadecimal, prints the partition out of 12 that Java's own producer takes. */
public final class Murmur2 {
    public static void main(String[] arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            byte[] key = HexFormat.of().parseHex(line);
            System.out.println(Utils.toPositive(Utils.murmur2(key)) % 12);
        }
    }
}
