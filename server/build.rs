//! Tells cargo what the binary is made of besides its code.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
