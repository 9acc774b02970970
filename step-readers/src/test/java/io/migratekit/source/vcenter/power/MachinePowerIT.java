package io.migratekit.source.vcenter.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.lab.LabFixture;
import io.migratekit.source.vcenter.lab.LabInventory;
import io.migratekit.source.vcenter.lab.LabMachine;
import io.migratekit.source.vcenter.lab.LabMachineSpec;
import io.migratekit.source.vcenter.lab.LabScript;
import io.migratekit.source.vcenter.lab.LabVCenter;
import io.migratekit.source.vcenter.power.MachinePower.Ending;
import io.migratekit.source.vcenter.session.LabAccounts;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.session.VCenterSessions;
import io.migratekit.source.vcenter.session.Vim;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsPeer("go")
final class MachinePowerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    static Path folder;

    private static LabVCenter lab;
    private static VCenterSessions sessions;
    private static VCenterSession session;
    private static int number;

    @BeforeAll
    static void start() throws Exception {
        lab = LabFixture.start(folder, LabInventory.empty());
        sessions = new VCenterSessions(LabAccounts.limits());
        session = sessions.open(LabAccounts.of(lab));
    }

    @AfterAll
    static void end() throws Exception {
        session.close();
        sessions.close();
        lab.close();
    }

    @Test
    void shutsAGuestDownAndStartsItAgain() throws Exception {
        MachinePower power = of(made());

        assertThat(power.off(PATIENCE)).isEqualTo(Ending.SHUT_DOWN);
        assertThat(power.isOn()).isFalse();
        assertThat(power.off(PATIENCE)).isEqualTo(Ending.WAS_OFF);
        power.on();
        power.on();
        assertThat(power.isOn()).isTrue();
    }

    @Test
    void cutsThePowerOfAGuestThatDoesNotListen() throws Exception {
        LabMachine machine = made();
        machine.ignoreShutdown(true);

        assertThat(of(machine).off(Duration.ofMillis(50))).isEqualTo(Ending.CUT);
        assertThat(of(machine).isOn()).isFalse();
    }

    @Test
    void cutsThePowerAtOnceWhereThatIsWanted() throws Exception {
        long asked = lab.control().calls("ShutdownGuest");

        assertThat(of(made()).off(Duration.ZERO)).isEqualTo(Ending.CUT);

        assertThat(lab.control().calls("ShutdownGuest")).isEqualTo(asked);
    }

    @Test
    void asksAGuestAgainThatIsBusyAndCutsNobodysPowerForThat() throws Exception {
        LabMachine machine = made();
        lab.control().script(LabScript.call("ShutdownGuest").times(2).fault("TaskInProgress"));

        assertThat(of(machine).off(PATIENCE)).isEqualTo(Ending.SHUT_DOWN);
    }

    @Test
    void cutsThePowerOfNoGuestThatMayBeWell() throws Exception {
        LabMachine machine = made();
        lab.control().script(LabScript.call("ShutdownGuest").fault("NoPermission"));

        assertThatThrownBy(() -> of(machine).off(PATIENCE)).isInstanceOf(SourceException.Refused.class);
        assertThat(of(machine).isOn()).isTrue();

        lab.control().script(LabScript.call("ShutdownGuest").fault("ToolsUnavailable"));
        assertThat(of(machine).off(PATIENCE)).isEqualTo(Ending.CUT);
    }

    @Test
    void believesNoPowerThatItHasNotSeen() throws Exception {
        LabMachine machine = made();
        lab.control().script(LabScript.call("PowerOffVM_Task").fault("InvalidPowerState"));

        assertThatThrownBy(() -> of(machine).off(Duration.ZERO))
                .isInstanceOf(SourceException.Unavailable.class)
                .hasMessageContaining("it is poweredOn now");
    }

    @Test
    void tellsThatAMachineCannotBeSwitchedOff() throws Exception {
        LabMachine machine = made();
        lab.control().script(LabScript.call("PowerOffVM_Task").fault("FileLocked"));

        assertThatThrownBy(() -> of(machine).off(Duration.ZERO))
                .isInstanceOf(SourceException.Unavailable.class)
                .hasMessageContaining("FileLocked");
        lab.control().clearScripts();
    }

    private static LabMachine made() throws Exception {
        return lab.control()
                .create(LabMachineSpec.named("power " + number++).disk(1 << 20).running());
    }

    private static MachinePower of(LabMachine machine) {
        return new MachinePower(session, Vim.reference("VirtualMachine", machine.reference()));
    }
}
