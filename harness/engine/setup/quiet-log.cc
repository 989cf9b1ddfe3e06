// TensorFlow 2.21 writes two lines to stderr while its libraries are being loaded, whatever TF_CPP_MIN_LOG_LEVEL says: it reads that variable only later.
// This library is loaded with the add-on, depends on nothing, and so has its turn before TensorFlow's: it sets the level at once.
// Where the function is missing (another TensorFlow) or the order of loading differs, the lines are printed, and nothing else changes.
#include <cstdlib>

// void absl::log_internal::RawSetMinLogLevel(absl::LogSeverityAtLeast), of the Abseil that TensorFlow 2.21 carries; its levels are those of the variable.
extern "C" void _ZN4absl12lts_2025081412log_internal17RawSetMinLogLevelENS0_18LogSeverityAtLeastE(int)
    __attribute__((weak));

__attribute__((constructor)) static void set_log_level() {
  auto *set = _ZN4absl12lts_2025081412log_internal17RawSetMinLogLevelENS0_18LogSeverityAtLeastE;
  const char *level = std::getenv("TF_CPP_MIN_LOG_LEVEL");
  if (set && level) set(std::atoi(level));
}
