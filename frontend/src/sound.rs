//! Short tones. A browser keeps a page silent until somebody has touched it; the desk then asks for a press.

use std::cell::RefCell;

use ciranda_ui::desk::Chime;
use web_sys::{AudioContext, AudioContextState, OscillatorType};

/// The page's audio, made when first needed.
#[derive(Default)]
pub struct Sound {
    context: RefCell<Option<AudioContext>>,
}

impl Sound {
    fn context(&self) -> Option<AudioContext> {
        let mut held = self.context.borrow_mut();
        if held.is_none() {
            *held = AudioContext::new().ok();
        }
        held.clone()
    }

    /// Lets sound through; works only while the browser handles a press.
    pub fn unmute(&self) {
        if let Some(context) = self.context() {
            // Nothing waits for the promise: the next tone tells whether it worked.
            _ = context.resume();
        }
    }

    /// Plays a tone; `false` when the browser keeps the page silent. One that has no audio at all is not asked again.
    pub fn play(&self, chime: Chime) -> bool {
        let Some(context) = self.context() else { return true };
        if context.state() != AudioContextState::Running {
            return false;
        }
        let (volume, notes): (f32, &[(f32, f64)]) = match chime {
            Chime::Conversation => (0.16, &[(659.3, 0.0), (880.0, 0.13)]),
            Chime::Message => (0.16, &[(587.3, 0.0)]),
            // More urgent than the first time: louder, and it goes up once more.
            Chime::Half => (0.3, &[(659.3, 0.0), (880.0, 0.13), (1046.5, 0.26), (880.0, 0.45), (1046.5, 0.58)]),
            Chime::Mention => (0.08, &[(740.0, 0.0), (987.8, 0.1)]),
            Chime::Bell => (0.06, &[(523.3, 0.0)]),
        };
        for (pitch, after) in notes {
            _ = note(&context, *pitch, volume, context.current_time() + after);
        }
        true
    }
}

/// One note: a quick attack and a soft end.
fn note(context: &AudioContext, pitch: f32, loud: f32, at: f64) -> Option<()> {
    const LENGTH: f64 = 0.35;
    let (tone, volume) = (context.create_oscillator().ok()?, context.create_gain().ok()?);
    tone.set_type(OscillatorType::Sine);
    tone.frequency().set_value(pitch);
    let gain = volume.gain();
    gain.set_value_at_time(0.0001, at).ok()?;
    gain.exponential_ramp_to_value_at_time(loud, at + 0.02).ok()?;
    gain.exponential_ramp_to_value_at_time(0.0001, at + LENGTH).ok()?;
    tone.connect_with_audio_node(&volume).ok()?;
    volume.connect_with_audio_node(&context.destination()).ok()?;
    tone.start_with_when(at).ok()?;
    tone.stop_with_when(at + LENGTH).ok()
}
