// The commands, each in a file of its own.
#pragma once

#include "tools/payloadctl/command.h"

namespace payload_manager::payloadctl {

Command RegisterCommand();
Command TokenCommand();
Command AttachCommand();
Command DetachCommand();
Command UpdateVersionCommand();
Command DiffCommand();
Command ListCommand();
Command MockListCommand();
Command MockAuthorizeCommand();
Command MockDeauthorizeCommand();
Command MockRejectCommand();
Command MockForgetCommand();
Command MockRebootCommand();
Command MockAdvanceCommand();
Command MockSoftwareCommand();
Command MockStageCommand();
Command MockUnstageCommand();
Command MockPromptCommand();
Command MockInjectCommand();
Command MockFaultsCommand();
Command MockJournalCommand();
Command PluginInspectCommand();

}  // namespace payload_manager::payloadctl
